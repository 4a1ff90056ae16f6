//! What the pallet stores.

#![allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]

use crate::PremiumTerms;
use assay_market::{traits::Subscribed, AssetId, Balance, Quote, SeriesId, Tick};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use sp_runtime::FixedU128;

/// Units of a voucher asset in one compute unit (CU).
pub const UNITS_PER_CU: Balance = 1_000_000;

/// Digits after the point when a wallet shows vouchers in CU.
pub const DECIMALS: u8 = 6;

/// Lowest floor of a price, in the quote's smallest units per voucher unit: a step of 5 % is then at
/// least one unit, so that integer prices can follow the controller.
pub const LEAST_FLOOR: Balance = 20;

/// Bytes of what an asset's registration may claim about the asset.
pub type Statement = BoundedVec<u8, ConstU32<256>>;

/// One price, one quote, one mint window, one expiry. All amounts of money are in the smallest
/// units of the quote, all amounts of vouchers in units.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Series {
	/// What the price is quoted in.
	pub quote: Quote,
	/// Price of one unit.
	pub price_per_unit: Balance,
	/// What buyers pay beside it, and to whom that goes.
	pub premium_terms: PremiumTerms,
	/// The asset whose units are the vouchers.
	pub asset: AssetId,
	/// When it was opened.
	pub opened_at: Tick,
	/// From this tick on, nothing is minted or subscribed.
	pub closes_at: Tick,
	/// From this tick on, nothing new is escrowed, and holders may reclaim the reserve.
	pub expires_at: Tick,
	/// From this tick on, nothing is reclaimed, and the series may be closed.
	pub grace_ends_at: Tick,
	/// Units that providers undertook to serve: the most that is ever minted.
	pub subscribed: Balance,
	/// Of them, units of subscriptions that have been released.
	pub released: Balance,
	/// Subscriptions that are still stored.
	pub subscribers: u32,
	/// Units ever minted.
	pub minted: Balance,
	/// Units burned for settled jobs.
	pub redeemed: Balance,
	/// Units that still have a claim on the reserve.
	pub outstanding: Balance,
	/// Of them, units in escrow.
	pub escrowed: Balance,
	/// Money behind the outstanding units: their number times the price, exactly.
	pub reserve: Balance,
	/// Premium that outstanding units will bring to whoever serves them.
	pub premium_pool: Balance,
	/// Premium that no subscriber earned; it waits to be swept to the insurance.
	pub forfeited: Balance,
	/// Whether vouchers of the series mean anything.
	pub status: SeriesStatus,
}

/// Whether vouchers of a series mean anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum SeriesStatus {
	/// Every outstanding unit has its reserve.
	#[codec(index = 0)]
	Live,
	/// The reserve is gone, the asset is being destroyed.
	#[codec(index = 1)]
	Closed,
}

/// Where in its life a series is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Phase {
	/// Subscribed, minted and used.
	#[codec(index = 0)]
	Open,
	/// Used.
	#[codec(index = 1)]
	Running,
	/// Expired: the reserve can be reclaimed.
	#[codec(index = 2)]
	Grace,
	/// Waits to be closed, once nothing is in escrow.
	#[codec(index = 3)]
	Over,
	/// Waits to be forgotten, once the asset is destroyed and all subscriptions are released.
	#[codec(index = 4)]
	Closed,
}

impl Series {
	/// Where in its life the series is at tick `now`.
	pub fn phase(&self, now: Tick) -> Phase {
		if self.status == SeriesStatus::Closed {
			Phase::Closed
		} else if now < self.closes_at {
			Phase::Open
		} else if now < self.expires_at {
			Phase::Running
		} else if now < self.grace_ends_at {
			Phase::Grace
		} else {
			Phase::Over
		}
	}
}

/// What a provider undertook for a series with one model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Subscription {
	/// Units that it undertook to serve.
	pub units: Balance,
	/// Of them, units that it served.
	pub served: Balance,
	/// Bond that is pledged for them, in the native token.
	pub pledged: Balance,
}

/// What a provider's offer must keep to until a series that it subscribed to has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Duty {
	/// The series.
	pub series: SeriesId,
	/// The most that the offer may ask.
	pub terms: Subscribed,
}

/// What may be priced in, and the state of its price controller.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct QuoteRecord<AccountId> {
	/// Price of a unit, which the next series takes.
	pub price: Balance,
	/// Governance's lower bound of the price.
	pub floor: Balance,
	/// When the price was last stepped.
	pub stepped_at: Tick,
	/// Units redeemed for listed models by then.
	pub redeemed_at_step: Balance,
	/// The series opened last.
	pub last: Option<LastSeries>,
	/// Series that are not closed.
	pub live_series: u32,
	/// Who could touch the money, if the quote is an asset.
	pub backing: Option<Backing<AccountId>>,
}

/// What the controller remembers of the series that it opened last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct LastSeries {
	/// When it was opened.
	pub opened_at: Tick,
	/// When its mint window ends.
	pub closes_at: Tick,
	/// Its price.
	pub price_per_unit: Balance,
}

/// Who answers for an asset that prices are quoted in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Backing<AccountId> {
	/// Who held the asset's roles when it was registered.
	pub team: Team<AccountId>,
	/// What was claimed about them. Nobody checked it.
	pub statement: Statement,
}

/// Who can mint, freeze, seize or destroy an asset.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Team<AccountId> {
	/// Can change the others and destroy the asset.
	pub owner: Option<AccountId>,
	/// Can mint.
	pub issuer: Option<AccountId>,
	/// Can thaw, seize and burn.
	pub admin: Option<AccountId>,
	/// Can freeze.
	pub freezer: Option<AccountId>,
}

/// What one smallest unit of an asset is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Rate {
	/// In the smallest units of the native token.
	pub native_per_unit: FixedU128,
	/// When it was last moved.
	pub updated_at: Tick,
}

/// The mean of what an asset's pool said at the start of blocks since its rate was last moved, each
/// time within 5 % of the rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct PoolMean {
	/// Native tokens per unit of the asset, both in their smallest units.
	pub rate: FixedU128,
	/// Blocks in which the pool was observed.
	pub observations: u32,
}

/// What is registered as a quote.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub enum NewQuote {
	/// The native token.
	#[codec(index = 0)]
	Native,
	/// An asset of minimum balance 1 with a pool.
	#[codec(index = 1)]
	Asset {
		/// Its number.
		id: AssetId,
		/// What its smallest unit is worth, in the smallest units of the native token.
		rate: FixedU128,
		/// What is claimed about who issues and who can freeze it.
		statement: Statement,
	},
}

impl NewQuote {
	/// The quote that it becomes.
	pub fn quote(&self) -> Quote {
		match self {
			Self::Native => Quote::Native,
			Self::Asset { id, .. } => Quote::Asset(*id),
		}
	}
}

/// Units minted on one day of the market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct DailyMint {
	/// Days of ticks since genesis.
	pub day: Tick,
	/// Units of all series.
	pub units: Balance,
}

/// What minting costs, in the smallest units of the series' quote.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Cost {
	/// Goes to the reserve; the holder gets it back if the vouchers expire.
	pub price: Balance,
	/// Paid for good.
	pub premium: Balance,
	/// What the buyer pays.
	pub total: Balance,
}
