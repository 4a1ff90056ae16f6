//! Governance by token holders: a referendum that passes is dispatched as Root.

use crate::{
	units::ASY, AccountId, Balance, Balances, BlockNumber, OriginCaller, Preimage, Referenda,
	Runtime, RuntimeCall, RuntimeEvent, Scheduler, System,
};
use alloc::borrow::Cow;
use frame_support::{
	parameter_types,
	traits::{AsEnsureOriginWithArg, ConstU32, Get, TotalIssuanceOf, TypedGet},
};
use frame_system::{EnsureRoot, EnsureSigned};
use pallet_conviction_voting::TallyOf;
use pallet_referenda::{Curve, Track, TrackInfo};
use sp_runtime::Perbill;

const SECONDS_PER_DAY: u64 = 86_400;

/// A number of days in blocks of this chain.
pub struct Days<const DAYS: u64>;
impl<const DAYS: u64> Get<BlockNumber> for Days<DAYS> {
	fn get() -> BlockNumber {
		let blocks = pallet_timing::blocks_in::<Runtime>(DAYS.saturating_mul(SECONDS_PER_DAY));
		blocks.try_into().unwrap_or(BlockNumber::MAX)
	}
}

impl<const DAYS: u64> TypedGet for Days<DAYS> {
	type Type = BlockNumber;

	fn get() -> BlockNumber {
		<Self as Get<BlockNumber>>::get()
	}
}

fn blocks<const DAYS: u64>() -> BlockNumber {
	<Days<DAYS> as Get<BlockNumber>>::get()
}

parameter_types! {
	/// What a proposal costs until it is decided.
	pub const SubmissionDeposit: Balance = 10 * ASY;
}

impl pallet_conviction_voting::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type Currency = Balances;
	type Polls = Referenda;
	type MaxTurnout = TotalIssuanceOf<Balances, AccountId>;
	type MaxVotes = ConstU32<512>;
	type VoteLockingPeriod = Days<7>;
	type BlockNumberProvider = System;
	type VotingHooks = ();
	type WeightInfo = crate::weights::pallet_conviction_voting::WeightInfo<Runtime>;
}

/// The one track: proposals that run as Root.
pub struct Tracks;

impl pallet_referenda::TracksInfo<Balance, BlockNumber> for Tracks {
	type Id = u16;
	type RuntimeOrigin = OriginCaller;

	fn tracks() -> impl Iterator<Item = Cow<'static, Track<u16, Balance, BlockNumber>>> {
		let mut name = [0; 25];
		name[..4].copy_from_slice(b"root");
		core::iter::once(Cow::Owned(Track {
			id: 0,
			info: TrackInfo {
				name,
				max_deciding: 1,
				decision_deposit: 1_000 * ASY,
				prepare_period: blocks::<1>(),
				decision_period: blocks::<14>(),
				confirm_period: blocks::<1>(),
				min_enactment_period: blocks::<1>(),
				// Early on nearly everybody has to agree and half of all tokens must support it;
				// at the end of the period a majority decides.
				min_approval: Curve::LinearDecreasing {
					length: Perbill::one(),
					floor: Perbill::from_percent(50),
					ceil: Perbill::one(),
				},
				min_support: Curve::LinearDecreasing {
					length: Perbill::one(),
					floor: Perbill::from_percent(2),
					ceil: Perbill::from_percent(50),
				},
			},
		}))
	}

	fn track_for(origin: &OriginCaller) -> Result<u16, ()> {
		match origin {
			OriginCaller::system(frame_system::RawOrigin::Root) => Ok(0),
			_ => Err(()),
		}
	}
}

impl pallet_referenda::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Scheduler = Scheduler;
	type Currency = Balances;
	type SubmitOrigin = AsEnsureOriginWithArg<EnsureSigned<AccountId>>;
	type CancelOrigin = EnsureRoot<AccountId>;
	type KillOrigin = EnsureRoot<AccountId>;
	// Deposits of killed proposals burn.
	type Slash = ();
	type Votes = Balance;
	type Tally = TallyOf<Runtime>;
	type SubmissionDeposit = SubmissionDeposit;
	type MaxQueued = ConstU32<100>;
	type UndecidingTimeout = Days<14>;
	type AlarmInterval = ConstU32<1>;
	type Tracks = Tracks;
	type Preimages = Preimage;
	type BlockNumberProvider = System;
	type WeightInfo = crate::weights::pallet_referenda::WeightInfo<Runtime>;
}
