//! The game between two traces, as the chain plays it.

use assay_primitives::{merkle::root, Hash, Native, TokenRoot};
use assay_programs::Typed;
use assay_prover::{Prover, Run, WeightTree};
use assay_referee::{Claim, Error, Referee, Roots, Verdict, Witness};

/// Where a game ends, and what each side claims there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
	pub(crate) leaf: u64,
	pub(crate) left: Hash,
	pub(crate) right: Hash,
	pub(crate) moves: u32,
}

/// Plays from the roots to the first leaf that differs, each move checked as the chain checks it. `None`
/// if the roots are the same.
pub(crate) fn play(left: &mut Prover<'_>, right: &mut Prover<'_>) -> Option<End> {
	let shape = left.layout().tree();
	assert_eq!(shape, right.layout().tree());
	let roots = [left.traced().root(), right.traced().root()];
	if roots[0] == roots[1] {
		return None;
	}
	let mut node = shape.top();
	let mut expected: Option<[Hash; 2]> = None;
	let mut moves = 0;
	while node.level > 0 {
		let openings = [left.opening(node).unwrap(), right.opening(node).unwrap()];
		moves += 1;
		let hashes = openings.each_ref().map(|one| one.hash::<Native>(shape, node).unwrap());
		match expected {
			None => {
				assert_eq!(hashes.map(|top| root::<Native>(shape.leaves(), &top)), roots);
			}
			Some(expected) => assert_eq!(hashes, expected),
		}
		let below = openings[0].first_difference(&openings[1], node).unwrap();
		let place = (below.index - node.index * 16_u64.pow(node.level - below.level)) as usize;
		expected = Some([openings[0].0[place], openings[1].0[place]]);
		node = below;
	}
	let [left, right] = expected.unwrap();
	Some(End { leaf: node.index, left, right, moves })
}

/// The referee's verdict on a game's end, by one side's witness.
pub(crate) fn decide(
	typed: &Typed<'_>,
	run: &Run,
	tree: &WeightTree,
	(left, right): (&Prover<'_>, &Prover<'_>),
	end: &End,
	witness: &Witness,
) -> Result<Verdict, Error> {
	let layout = left.layout();
	let referee = Referee::new(typed, layout.inputs(), layout.outputs(), run.sampling).unwrap();
	let roots = Roots {
		weights: tree.root(),
		input: TokenRoot::of::<Native>(&run.input),
		output: TokenRoot::of::<Native>(&run.output),
	};
	let claim = |prover: &Prover<'_>, leaf| Claim { root: prover.traced().root(), leaf };
	let (left, right) = (claim(left, end.left), claim(right, end.right));
	referee.decide::<Native>(end.leaf, &left, &right, &roots, witness)
}
