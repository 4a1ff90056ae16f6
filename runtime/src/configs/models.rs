//! The registry of models.

use super::market::{CostWeights, MarketAdmin, TICKS_PER_DAY, TICKS_PER_HOUR};
use crate::{
	fees::{FEE_OF_BASE_WEIGHT, FEE_PER_BYTE},
	units::{deposit, ASY},
	Balances, Burn, Clock, Payouts, Providers, Runtime, Slashing,
};
use frame_support::{
	parameter_types,
	traits::{ConstU32, Contains},
	PalletId,
};
use pallet_models::{Parameters, PostingCost};

parameter_types! {
	/// Name of the account through which fees pass.
	pub const ModelsPalletId: PalletId = PalletId(*b"assay/mo");
	/// The figures until governance sets others.
	pub InitialParameters: Parameters = Parameters {
		// Ten of the cheapest jobs at once.
		min_bond_floor: super::slashing::MIN_EXPOSURE.saturating_mul(10),
		// So much an accelerator writes in the time in which it computes a unit.
		max_trace_bytes_per_unit: 12_000_000_000,
		// A record, the program, the claims, the stop ids, the attestations.
		deposit_base: deposit(5, 512),
		deposit_per_byte: deposit(0, 1),
		curation_deposit: deposit(1, 64),
		// What posting costs and no more: whoever hands weights out nowhere else earns nothing by it.
		request_fee_base: FEE_OF_BASE_WEIGHT,
		request_fee_per_byte: FEE_PER_BYTE,
		request_ticks: TICKS_PER_HOUR,
		// A hundred times the fee of the greatest leaf: nobody is silent to save its costs.
		silence_exposure: 25 * ASY,
		notice_ticks: 30 * TICKS_PER_DAY,
	};
}

parameter_types! {
	/// Base and length, which no demand changes; the weight costs more than that.
	pub const WeightsPostingCost: PostingCost =
		PostingCost { base: FEE_OF_BASE_WEIGHT, per_byte: FEE_PER_BYTE };
}

/// Versions of the arithmetic that this runtime can judge.
pub struct NumericsVersions;
impl Contains<u32> for NumericsVersions {
	fn contains(version: &u32) -> bool {
		*version == 1
	}
}

impl pallet_models::Config for Runtime {
	type WeightInfo = crate::weights::pallet_models::WeightInfo<Runtime>;
	type Currency = Balances;
	type AdminOrigin = MarketAdmin;
	type Bonds = Providers;
	type Offences = Slashing;
	type Payouts = Payouts;
	type Supply = Burn;
	type Clock = Clock;
	type NumericsVersions = NumericsVersions;
	type CostWeights = CostWeights;
	type InitialParameters = InitialParameters;
	type PostingCost = WeightsPostingCost;
	type PalletId = ModelsPalletId;
	// Of three, one may fail and another lie.
	type RequiredAttestations = ConstU32<3>;
	type MaxAttesters = ConstU32<16>;
	type MaxRequests = ConstU32<16>;
	type MaxCurations = ConstU32<64>;
}
