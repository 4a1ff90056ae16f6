//! Money that waits until its owner claims it.

use super::market::MAX_WAITING_QUOTES;
use crate::{Assets, Balances, Runtime};
use frame_support::{parameter_types, traits::ConstU32, PalletId};

parameter_types! {
	/// Name of the account that holds what waits.
	pub const PayoutsPalletId: PalletId = PalletId(*b"assay/po");
}

impl pallet_payouts::Config for Runtime {
	type WeightInfo = crate::weights::pallet_payouts::WeightInfo<Runtime>;
	type Native = Balances;
	type Assets = Assets;
	type PalletId = PayoutsPalletId;
	type MaxQuotes = ConstU32<MAX_WAITING_QUOTES>;
}
