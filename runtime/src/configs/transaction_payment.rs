//! Payment of transactions; the rules are in [`crate::fees`].

use crate::{
	fees::{BurnFeePayTip, FeeMultiplierUpdate, WeightToFee, FEE_PER_BYTE},
	Balance, Balances, Runtime, RuntimeEvent,
};
use frame_support::{
	traits::{ConstU128, ConstU8},
	weights::ConstantMultiplier,
};
use pallet_transaction_payment::FungibleAdapter;

impl pallet_transaction_payment::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type OnChargeTransaction = FungibleAdapter<Balances, BurnFeePayTip>;
	type WeightToFee = WeightToFee;
	type LengthToFee = ConstantMultiplier<Balance, ConstU128<FEE_PER_BYTE>>;
	type FeeMultiplierUpdate = FeeMultiplierUpdate;
	type OperationalFeeMultiplier = ConstU8<5>;
	type WeightInfo = crate::weights::pallet_transaction_payment::WeightInfo<Runtime>;
}
