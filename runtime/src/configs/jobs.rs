//! The life of jobs.

use super::market::{CostWeights, MarketAdmin, MAX_DEADLINE_TICKS};
use crate::{
	fees::CallFee, units::deposit, Balance, Balances, Burn, Clock, Models, Payouts, Providers,
	Runtime, Slashing, Vouchers,
};
use frame_support::{parameter_types, traits::ConstU32, PalletId};

parameter_types! {
	/// Deposit for a user's next nonce: an account, a hold and a number.
	pub const NonceDeposit: Balance = deposit(1, 40);
	/// Name of the account through which deposits for data pass.
	pub const JobsPalletId: PalletId = PalletId(*b"assay/jb");
}

impl pallet_jobs::Config for Runtime {
	type WeightInfo = crate::weights::pallet_jobs::WeightInfo<Runtime>;
	type AdminOrigin = MarketAdmin;
	type Currency = Balances;
	type PalletId = JobsPalletId;
	type Models = Models;
	type Vouchers = Vouchers;
	type Bonds = Providers;
	type Settlement = Burn;
	type Offences = Slashing;
	// None yet: every answer is paid when its window is over.
	type Audits = ();
	type Clock = Clock;
	type Payouts = Payouts;
	type ExposureRule = Slashing;
	type ComputeWeights = CostWeights;
	type CallFee = CallFee;
	type NonceDeposit = NonceDeposit;
	// What a block can settle by weight is less; this bounds the look-ups of an idle queue.
	type MaxDuePerBlock = ConstU32<2_000>;
	type MaxDeadlineTicks = ConstU32<MAX_DEADLINE_TICKS>;
}
