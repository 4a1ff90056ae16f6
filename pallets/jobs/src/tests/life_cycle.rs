//! The table of the crate's documentation against the code: every stage, every move.

use std::collections::BTreeMap;

use crate::{
	state::{next, Ending, Move, Stage},
	Totals,
};

/// The move after a move, so that a new one cannot be forgotten here.
const fn following(by: Move) -> Option<Move> {
	Some(match by {
		Move::Submit => Move::Accept,
		Move::Accept => Move::Pass,
		Move::Pass => Move::Decline,
		Move::Decline => Move::Cancel,
		Move::Cancel => Move::Expire,
		Move::Expire => Move::Commit,
		Move::Commit => Move::Lapse,
		Move::Lapse => Move::Request,
		Move::Request => Move::Post,
		Move::Post => Move::Hold,
		Move::Hold => Move::Extend,
		Move::Extend => Move::Uphold,
		Move::Uphold => Move::Refute,
		Move::Refute => Move::Silence,
		Move::Silence => Move::Void,
		Move::Void => Move::Settle,
		Move::Settle => Move::Owe,
		Move::Owe => Move::Delay,
		Move::Delay => return None,
	})
}

fn moves() -> impl Iterator<Item = Move> {
	std::iter::successors(Some(Move::Submit), |by| following(*by))
}

/// The stage after a stage, likewise.
const fn following_stage(stage: Option<Stage>) -> Option<Stage> {
	let ending = match stage {
		None => return Some(Stage::Submitted),
		Some(Stage::Submitted) => return Some(Stage::Accepted),
		Some(Stage::Accepted) => return Some(Stage::Committed),
		Some(Stage::Committed) => return Some(Stage::Unpaid),
		Some(Stage::Unpaid) => Ending::Settled,
		Some(Stage::Ended(Ending::Settled)) => Ending::Cancelled,
		Some(Stage::Ended(Ending::Cancelled)) => Ending::Declined,
		Some(Stage::Ended(Ending::Declined)) => Ending::Expired,
		Some(Stage::Ended(Ending::Expired)) => Ending::Late,
		Some(Stage::Ended(Ending::Late)) => Ending::Refuted,
		Some(Stage::Ended(Ending::Refuted)) => Ending::Silent,
		Some(Stage::Ended(Ending::Silent)) => Ending::Void,
		Some(Stage::Ended(Ending::Void)) => return None,
	};
	Some(Stage::Ended(ending))
}

fn stages() -> impl Iterator<Item = Option<Stage>> {
	let stored =
		std::iter::successors(following_stage(None), |stage| following_stage(Some(*stage)));
	std::iter::once(None).chain(stored.map(Some))
}

/// What the table calls a stage.
fn name(stage: Option<Stage>) -> String {
	match stage {
		None => "-".into(),
		Some(Stage::Ended(ending)) => format!("{ending:?}"),
		Some(stage) => format!("{stage:?}"),
	}
}

/// The documentation's table: from a stage and a move to a stage.
fn table() -> BTreeMap<(String, String), String> {
	let docs = include_str!("../lib.rs");
	let (_, after) = docs.split_once("//! ## Life cycle\n").expect("the section exists");
	let (section, _) = after.split_once("//! ## ").expect("it is not the last one");
	let rows: Vec<Vec<&str>> = section
		.lines()
		.filter_map(|line| line.strip_prefix("//! | "))
		.map(|row| row.split('|').map(str::trim).collect())
		.collect();
	assert_eq!(rows[0][..5], ["from", "move", "to", "by", "what moves"]);
	let mut table = BTreeMap::new();
	for row in &rows[2..] {
		assert!(!row[3].is_empty() && !row[4].is_empty(), "{row:?}");
		let former = table.insert((row[0].to_owned(), row[1].to_owned()), row[2].to_owned());
		assert_eq!(former, None, "two rows for the same: {row:?}");
	}
	table
}

#[test]
fn the_documentation_should_have_exactly_the_moves_that_the_code_has() {
	let mut table = table();
	for from in stages() {
		for by in moves() {
			let documented = table.remove(&(name(from), format!("{by:?}").to_lowercase()));
			let coded = next(from, by).map(|to| name(Some(to)));
			assert_eq!(documented, coded, "{from:?} {by:?}");
		}
	}
	assert!(table.is_empty(), "rows with unknown names: {table:?}");
}

#[test]
fn an_ended_job_should_have_no_moves_and_every_other_a_way_to_end() {
	for from in stages() {
		let ends = moves().any(|by| matches!(next(from, by), Some(Stage::Ended(_))));
		let moves = moves().filter(|by| next(from, *by).is_some()).count();
		match from {
			None => assert_eq!((moves, ends), (1, false)),
			Some(Stage::Ended(_)) => assert_eq!(moves, 0),
			Some(_) => assert!(ends),
		}
	}
}

/// Every stage has a count of its own.
#[test]
fn counts_should_follow_every_move() {
	for from in stages() {
		for to in moves().filter_map(|by| next(from, by)) {
			let mut totals = crate::JobTotals::default();
			if let Some(from) = from {
				assert_eq!(totals.count(Some(from), to), None, "there is no job to move");
				totals = crate::JobTotals { submitted: 1, ..Default::default() };
				*totals.of(from) = 1;
			}
			assert_eq!(totals.count(from, to), Some(()));
			let known = totals.open.all().zip(totals.ended.all()).map(|(open, ended)| open + ended);
			assert_eq!((known, totals.submitted, *totals.of(to)), (Some(1), 1, 1));
		}
	}
}

#[test]
fn counts_beyond_their_range_should_be_refused() {
	let mut totals = crate::JobTotals { submitted: u64::MAX, ..Default::default() };
	assert_eq!(totals.count(None, Stage::Submitted), None);
	crate::mock::new_test_ext().execute_with(|| {
		Totals::<crate::mock::Test>::mutate(|totals| totals.submitted = u64::MAX);
		frame_support::assert_noop!(
			crate::mock::driver().submitted(5),
			crate::Error::<crate::mock::Test>::CountOverflow
		);
	});
}

#[test]
#[should_panic(expected = "a move that the table does not have")]
fn a_move_that_the_table_lacks_should_not_be_stored() {
	crate::mock::new_test_ext().execute_with(|| {
		let id = crate::mock::driver().submitted(5).expect("a request");
		let after = crate::state::After::Ended(Ending::Settled);
		crate::mock::Jobs::transition(&id, Move::Settle, after).ok();
	});
}
