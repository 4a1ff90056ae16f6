//! Providers: bonds, offers, liveness.

use super::{
	market::{MAX_DEADLINE_TICKS, TICKS_PER_DAY, TICKS_PER_HOUR},
	slashing::InsuranceAccount,
};
use crate::{
	parameters::dynamic_params::providers as governed, units::EXISTENTIAL_DEPOSIT, Balance,
	Balances, Clock, Models, Payouts, Runtime, Slashing,
};
use assay_market::{Quote, Tick};
use core::marker::PhantomData;
use frame_support::traits::{ConstU32, Get};

/// Ticks of an era of six-second blocks: over eras, what was served is counted and reputation fades.
const TICKS_PER_ERA: Tick = 6 * TICKS_PER_HOUR;

/// Least bond that makes sense: an amount that can be moved.
const LEAST_BOND: u64 = 1_000_000_000;
const _: () = assert!(LEAST_BOND as Balance == EXISTENTIAL_DEPOSIT);

/// A governed value, or the least that makes sense if governance chose less. Parameters are set one by
/// one and checked by nobody, so a mistake must not stop the market.
pub struct AtLeast<Value, const LEAST: u64>(PhantomData<Value>);

impl<T: From<u64> + Ord, Value: Get<T>, const LEAST: u64> Get<T> for AtLeast<Value, LEAST> {
	fn get() -> T {
		Value::get().max(LEAST.into())
	}
}

/// As [`AtLeast`], for ticks and counts.
pub struct AtLeastTicks<Value, const LEAST: Tick>(PhantomData<Value>);

impl<Value: Get<Tick>, const LEAST: Tick> Get<Tick> for AtLeastTicks<Value, LEAST> {
	fn get() -> Tick {
		Value::get().max(LEAST)
	}
}

/// What a unit of vouchers costs in the series that one can buy: by it, bonds are turned into compute
/// that they can cover.
pub struct PriceOfNativeSeries;
impl Get<Balance> for PriceOfNativeSeries {
	fn get() -> Balance {
		// Without a native quote, nothing bounds what a bond covers.
		pallet_vouchers::Quotes::<Runtime>::get(Quote::Native)
			.map_or(0, |quote| quote.last.map_or(quote.price, |series| series.price_per_unit))
	}
}

impl pallet_providers::Config for Runtime {
	type Currency = Balances;
	type Clock = Clock;
	type Models = Models;
	type Offences = Slashing;
	type Payouts = Payouts;
	type Exposure = Slashing;
	type UnitPrice = PriceOfNativeSeries;
	type InsuranceAccount = InsuranceAccount;
	type RegistrationDeposit = governed::RegistrationDeposit;
	type BondFloor = AtLeast<governed::BondFloor, LEAST_BOND>;
	type ExposureBuffer = governed::ExposureBuffer;
	type WithdrawalTicks = governed::WithdrawalTicks;
	type LockTicks = AtLeastTicks<governed::LockTicks, 1>;
	type HeartbeatPeriod = AtLeastTicks<governed::HeartbeatPeriod, 10>;
	type HeartbeatAllowance = governed::HeartbeatAllowance;
	type MinTraceBytesPerTick = AtLeast<governed::MinTraceBytesPerTick, 1>;
	type MaxTraceTicks = AtLeastTicks<governed::MaxTraceTicks, 1>;
	type MaxDeadlineTicks = ConstU32<MAX_DEADLINE_TICKS>;
	type TicksPerDay = ConstU32<TICKS_PER_DAY>;
	// Not governed: with another length, eras would be counted anew, and might go back.
	type TicksPerEra = ConstU32<TICKS_PER_ERA>;
	type ServedFloor = governed::ServedFloor;
	type DemonstratedFactor = AtLeastTicks<governed::DemonstratedFactor, 2>;
	type ReputationHalvingEras = AtLeastTicks<governed::ReputationHalvingEras, 1>;
	// A report of downtime goes through all of them.
	type MaxModels = ConstU32<16>;
	// The list of a model is read as a whole.
	type MaxListedOffers = ConstU32<256>;
	type WeightInfo = crate::weights::pallet_providers::WeightInfo<Runtime>;
}
