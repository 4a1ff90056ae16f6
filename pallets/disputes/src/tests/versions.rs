//! Code that cannot judge open jobs is refused.

use assay_market::traits::OpenVersions;
use codec::Encode;
use frame_support::{assert_noop, assert_ok, parameter_types};
use frame_system::SetCode;
use sp_runtime::DispatchError;
use sp_version::RuntimeVersion;

use crate::{missing_referee, mock::*, referee_api_id, Error, RefereeGuard, REFEREE_VERSION};

#[test]
fn every_open_version_should_need_its_referee() {
	let api = |version| (referee_api_id(version), 1);
	let unrelated = ([1; 8], 1);
	assert_eq!(missing_referee(&[unrelated], &[]), None);
	assert_eq!(missing_referee(&[unrelated], &[1]), Some(1));
	assert_eq!(missing_referee(&[unrelated, api(1)], &[1]), None);
	assert_eq!(missing_referee(&[api(2)], &[1, 2]), Some(1));
	assert_eq!(missing_referee(&[api(1), api(2)], &[1, 2, 3]), Some(3));
	// Which version of the API itself does not matter.
	assert_eq!(missing_referee(&[(referee_api_id(1), 7)], &[1]), None);
}

#[test]
fn the_id_should_be_that_of_a_runtime_api_of_this_name() {
	assert_eq!(REFEREE_VERSION, 1);
	// blake2b-64 of "Core", as in every runtime's version.
	assert_eq!(
		sp_crypto_hashing::blake2_64(b"Core"),
		[0xdf, 0x6a, 0xcb, 0x68, 0x99, 0x07, 0x60, 0x9b]
	);
	assert_eq!(referee_api_id(1), sp_crypto_hashing::blake2_64(b"RefereeV1"));
}

parameter_types! {
	static CodeWasSet: bool = false;
}

struct Inner;

impl SetCode<Test> for Inner {
	fn set_code(_: Vec<u8>) -> Result<(), DispatchError> {
		CodeWasSet::set(true);
		Ok(())
	}
}

/// Reads a version that lies in the open in the code.
struct ReadOpenly;

impl sp_core::traits::ReadRuntimeVersion for ReadOpenly {
	fn read_runtime_version(
		&self,
		code: &[u8],
		_: &mut dyn sp_externalities::Externalities,
	) -> Result<Vec<u8>, String> {
		Ok(code.to_vec())
	}
}

#[test]
fn code_without_the_referee_should_be_refused_while_jobs_are_open() {
	let truth = right_run();
	let mut ext = new_test_ext();
	ext.register_extension(sp_core::traits::ReadRuntimeVersionExt::new(ReadOpenly));
	ext.execute_with(|| {
		let set = |apis: Vec<([u8; 8], u32)>| {
			let code = RuntimeVersion { apis: apis.into(), ..Default::default() }.encode();
			RefereeGuard::<Test, Inner>::set_code(code)
		};
		assert_ok!(set(vec![]));
		assert!(CodeWasSet::take());
		let dispute = committed(&truth, 0);
		assert_eq!(JobLedger::open_versions(), [1]);
		assert_noop!(set(vec![]), Error::<Test>::RefereeMissing);
		assert_noop!(set(vec![(referee_api_id(2), 1)]), Error::<Test>::RefereeMissing);
		assert!(!CodeWasSet::get());
		assert_ok!(set(vec![(referee_api_id(1), 1)]));
		assert!(CodeWasSet::take());
		let unreadable = RefereeGuard::<Test, Inner>::set_code(vec![1]);
		assert_noop!(unreadable, Error::<Test>::UnreadableCode);
		OpenJobs::remove(dispute.job);
		assert_ok!(set(vec![]));
	});
}

#[test]
fn the_runtime_api_should_judge_as_a_game_does() {
	use crate::{runtime_api::judge_v1, GameEnd, Side, Undecided, WitnessFault};
	let truth = wrong_run();
	let posted = lie(&truth, 9, assay_kernels_exact::verdict::OK);
	build_and_execute(|| {
		let dispute = committed(&truth, 0);
		assert_ok!(dispute.begin(1, &posted, &truth));
		dispute.walk(&posted, &truth).unwrap();
		let run = dispute.case().unwrap().run;
		let typed = truth.typed();
		let referee = truth.referee(&typed);
		let leaf = (9, crate::LeafKind::of(referee.layout(), 9).unwrap());
		let witness = truth.witness(&referee, 9).0.encode();
		let program = truth.program.to_bytes();
		let (one, other) = dispute.play(&truth).hashes.unwrap();
		let provider = (posted.trace().root(), one);
		let challenger = (truth.trace().root(), other);
		let judge = |provider, challenger, witness: &[u8]| {
			judge_v1(&program, &run, leaf, [provider, challenger], witness)
		};
		let lost = |side| Ok(GameEnd::Lost(side));
		assert_eq!(judge(provider, challenger, &witness), lost(Side::Provider));
		assert_eq!(judge(challenger, provider, &witness), lost(Side::Challenger));
		let neither = (challenger.0, Default::default());
		assert_eq!(judge(provider, neither, &witness), Ok(GameEnd::Both));
		let junk = Err(Undecided::Witness(WitnessFault::Proof));
		assert_eq!(judge(provider, challenger, &[1, 2, 3]), junk);
		let none = judge_v1(&[1], &run, leaf, [provider, challenger], &witness);
		assert_eq!(none, Err(Undecided::Impossible));
		let api = <dyn crate::runtime_api::RefereeV1<Block> as sp_api::RuntimeApiInfo>::ID;
		assert_eq!(api, referee_api_id(REFEREE_VERSION));
	});
}

/// Any block: the id does not depend on it.
type Block = frame_system::mocking::MockBlock<Test>;
