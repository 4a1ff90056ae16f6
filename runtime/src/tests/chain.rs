//! A chain that grows: what a node's author does around the runtime, done here without a node.

use super::genesis_of;
use crate::{
	Babe, BlockNumber, Executive, Hash, Header, RuntimeGenesisConfig, Session, UncheckedExtrinsic,
};
use codec::Encode;
use sp_consensus_babe::{
	digests::{PreDigest, SecondaryPlainPreDigest},
	AuthorityIndex, Slot, BABE_ENGINE_ID,
};
use sp_genesis_builder::LOCAL_TESTNET_RUNTIME_PRESET;
use sp_runtime::{traits::Header as _, BuildStorage, Digest, DigestItem};

/// The slot before the first block. Slots of running chains count from 1970; any start serves.
const SLOT_OF_GENESIS: u64 = 1_000_000;

/// A chain with a block in every slot.
pub(super) struct Chain {
	/// The state after the last block.
	pub(super) state: sp_io::TestExternalities,
	head: Header,
}

impl Chain {
	/// The chain of the `local_testnet` preset: three validators, epochs of ten slots.
	pub(super) fn local() -> Self {
		Self::local_with(|_| ())
	}

	/// The same with another genesis.
	pub(super) fn local_with(change: impl FnOnce(&mut RuntimeGenesisConfig)) -> Self {
		let mut genesis = genesis_of(LOCAL_TESTNET_RUNTIME_PRESET);
		change(&mut genesis);
		let state = genesis.build_storage().expect("the genesis builds").into();
		Self { state, head: header(0, Default::default(), Digest::default()) }
	}

	/// The slot of the last block.
	pub(super) fn slot(&self) -> Slot {
		(SLOT_OF_GENESIS + u64::from(self.head.number)).into()
	}

	/// The last block's header, without a seal.
	pub(super) fn head(&self) -> &Header {
		&self.head
	}

	/// How the next block begins when the validator of this index makes it.
	pub(super) fn next_header(&self, author: AuthorityIndex) -> Header {
		header(self.head.number + 1, self.head.hash(), slot_claim(author, self.slot() + 1))
	}

	/// Reads or changes the state between two blocks.
	pub(super) fn between_blocks<R>(&mut self, look: impl FnOnce() -> R) -> R {
		self.state.execute_with(look)
	}

	/// Makes the next block, by the next validator in turn that may author. `work` runs where
	/// transactions run, after the inherents.
	pub(super) fn block<R>(&mut self, work: impl FnOnce() -> R) -> R {
		let turn = self.head.number;
		let author = self.between_blocks(|| {
			let disabled = Session::disabled_validators();
			let able: Vec<u32> = (0..)
				.take(Babe::authorities().len())
				.filter(|index| !disabled.contains(index))
				.collect();
			able[turn as usize % able.len()]
		});
		self.block_by(author, work)
	}

	/// Makes the next block by the validator of this index, whether it may author or not.
	pub(super) fn block_by<R>(&mut self, author: AuthorityIndex, work: impl FnOnce() -> R) -> R {
		let header = self.next_header(author);
		let slot = self.slot() + 1;
		let (head, result) = self.state.execute_with(|| {
			Executive::initialize_block(&header);
			let now = *slot * Babe::slot_duration();
			let time = UncheckedExtrinsic::new_bare(pallet_timestamp::Call::set { now }.into());
			Executive::apply_extrinsic(time).expect("a block takes the time of its slot").unwrap();
			// The first transaction would cause it; `work` need not apply any.
			Executive::inherents_applied();
			let result = work();
			(Executive::finalize_block(), result)
		});
		// Else each block would compute the root of all changes since genesis anew.
		self.state.commit_all().expect("no transaction of the storage is open between blocks");
		self.head = head;
		result
	}

	/// Makes empty blocks until `reached` holds after one; panics with `what` after `limit` blocks.
	pub(super) fn blocks_until(
		&mut self,
		what: &str,
		limit: u32,
		mut reached: impl FnMut() -> bool,
	) {
		for _ in 0..limit {
			self.block(|| ());
			if self.between_blocks(&mut reached) {
				return;
			}
		}
		panic!("{what}: not within {limit} blocks");
	}
}

/// A header before its block is executed.
fn header(number: BlockNumber, parent: Hash, digest: Digest) -> Header {
	Header::new(number, Default::default(), Default::default(), parent, digest)
}

/// The digest with which an authority claims a slot.
pub(super) fn slot_claim(authority_index: AuthorityIndex, slot: Slot) -> Digest {
	// Of the three kinds of claims the one without a VRF: nothing here depends on randomness.
	let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index, slot });
	Digest { logs: vec![DigestItem::PreRuntime(BABE_ENGINE_ID, claim.encode())] }
}
