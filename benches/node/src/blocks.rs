//! What the blocks of a run hold.

use std::time::Duration;

use anyhow::{ensure, Context, Result};
use subxt::{dynamic, ext::scale_decode::DecodeAsType};

use assay_localnet::{
	client::{AtBlock, Client},
	rpc::Rpc,
	wait::{self, Probe},
};

/// How long the node may take to make a block.
const BLOCK_LIMIT: Duration = Duration::from_secs(60);

/// Pallet and name of the events that a run counts, each of which stands for something that succeeded.
pub(crate) type Counted = (&'static str, &'static str);

/// One block of the run.
pub(crate) struct BlockLoad {
	/// Height.
	pub(crate) number: u64,
	/// The block's own timestamp, in milliseconds.
	pub(crate) timestamp: u64,
	/// What was counted in it.
	pub(crate) counted: u64,
	/// The part of the block's weight limit (time) that was used, 0 to 1.
	pub(crate) weight_fill: f64,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Weight {
	ref_time: u64,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct WeightPerClass {
	normal: Weight,
	operational: Weight,
	mandatory: Weight,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct BlockWeights {
	max_block: Weight,
}

/// The loads of the blocks after `first` up to `last`, without empty ones at both ends. Fails if a
/// transaction of theirs did.
pub(crate) async fn between(
	chain: &Client,
	rpc: &Rpc,
	(first, last): (u64, u64),
	counted: Counted,
) -> Result<Vec<BlockLoad>> {
	let mut blocks = Vec::new();
	for number in first + 1..=last {
		let at = block(chain, rpc, number).await?;
		blocks.push(load_of(&at, counted).await.with_context(|| format!("block #{number}"))?);
	}
	Ok(without_empty_ends(blocks))
}

/// The loads of the blocks after `first` until they hold `expected` of what is counted, as they come,
/// without empty ones at both ends. Fails if a transaction of theirs did, or after `limit` blocks.
pub(crate) async fn until(
	chain: &Client,
	rpc: &Rpc,
	(first, limit): (u64, u64),
	counted: Counted,
	expected: u64,
) -> Result<Vec<BlockLoad>> {
	let (mut blocks, mut found) = (Vec::new(), 0);
	for number in first + 1..=first + limit {
		wait::until("the next block", BLOCK_LIMIT, async || {
			let best = rpc.best().await?.number;
			Ok(Probe::when(best >= number, (), format!("block #{best}")))
		})
		.await?;
		let at = block(chain, rpc, number).await?;
		let load = load_of(&at, counted).await.with_context(|| format!("block #{number}"))?;
		found += load.counted;
		blocks.push(load);
		if found >= expected {
			return Ok(without_empty_ends(blocks));
		}
	}
	let (pallet, event) = counted;
	anyhow::bail!("{found} of {expected} events {pallet}.{event} in {limit} blocks")
}

/// The newest block, which may not be final.
pub(crate) async fn newest(chain: &Client, rpc: &Rpc) -> Result<AtBlock> {
	let best = rpc.best().await?;
	chain.at_block(best.hash).await.with_context(|| format!("cannot read {best}"))
}

/// A block by its height.
pub(crate) async fn block(chain: &Client, rpc: &Rpc, number: u64) -> Result<AtBlock> {
	let hash = rpc.hash_at(number).await?;
	let hash = hash.with_context(|| format!("the node lost block #{number}"))?;
	chain.at_block(hash).await.with_context(|| {
		format!("cannot read block #{number}; a run this long outlives the kept state")
	})
}

fn without_empty_ends(mut blocks: Vec<BlockLoad>) -> Vec<BlockLoad> {
	let is_empty = |block: &BlockLoad| block.counted == 0;
	let leading = blocks.iter().take_while(|block| is_empty(block)).count();
	let trailing = blocks.iter().rev().take_while(|block| is_empty(block)).count();
	blocks.truncate(blocks.len() - trailing.min(blocks.len() - leading));
	blocks.split_off(leading)
}

async fn load_of(at: &AtBlock, wanted: Counted) -> Result<BlockLoad> {
	let events = at.events().fetch().await.context("cannot read the events")?;
	let mut counted = 0;
	for event in events.iter() {
		let event = event.context("cannot decode an event")?;
		match (event.pallet_name(), event.event_name()) {
			("System", name) => ensure!(name != "ExtrinsicFailed", "a transaction failed"),
			name if name == wanted => counted += 1,
			_ => {}
		}
	}
	let timestamp = dynamic::storage::<(), u64>("Timestamp", "Now");
	let used = dynamic::storage::<(), WeightPerClass>("System", "BlockWeight");
	let limit = dynamic::constant::<BlockWeights>("System", "BlockWeights");
	let used = at.storage().fetch(used, ()).await?.decode()?;
	let used = used.normal.ref_time + used.operational.ref_time + used.mandatory.ref_time;
	let limit = at.constants().entry(limit)?.max_block.ref_time;
	Ok(BlockLoad {
		number: at.block_number(),
		timestamp: at.storage().fetch(timestamp, ()).await?.decode()?,
		counted,
		weight_fill: used as f64 / limit as f64,
	})
}

/// The best rate (of what was counted, per second) over `window` consecutive blocks, or over all blocks where
/// there are fewer; with the number of blocks that it was taken over.
///
/// The time of a window runs from the block before it to its last block, so the first block of
/// the run opens a window but is in none. `None` where that leaves no block.
pub(crate) fn busiest_window(blocks: &[BlockLoad], window: usize) -> Option<(usize, f64)> {
	let window = window.min(blocks.len().checked_sub(1)?);
	if window == 0 {
		return None;
	}
	let rates = blocks.windows(window + 1).filter_map(|blocks| {
		let (before, inside) = blocks.split_first()?;
		let milliseconds = inside.last()?.timestamp.checked_sub(before.timestamp)?;
		let counted: u64 = inside.iter().map(|block| block.counted).sum();
		(milliseconds > 0).then(|| counted as f64 * 1_000.0 / milliseconds as f64)
	});
	rates.reduce(f64::max).map(|rate| (window, rate))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Blocks one second apart in which so much was counted.
	fn blocks(counts: &[u64]) -> Vec<BlockLoad> {
		(0..)
			.zip(counts)
			.map(|(number, counted)| BlockLoad {
				number,
				timestamp: 1_000 * number,
				counted: *counted,
				weight_fill: 0.0,
			})
			.collect()
	}

	#[test]
	fn should_take_the_busiest_consecutive_blocks() {
		assert_eq!(busiest_window(&blocks(&[5, 10, 40, 20, 1]), 2), Some((2, 30.0)));
	}

	#[test]
	fn should_take_all_blocks_after_the_first_when_there_are_fewer_than_the_window() {
		assert_eq!(busiest_window(&blocks(&[99, 10, 20]), 10), Some((2, 15.0)));
	}

	#[test]
	fn should_leave_empty_blocks_out_at_both_ends_only() {
		let counts = |blocks: Vec<BlockLoad>| -> Vec<u64> {
			without_empty_ends(blocks).iter().map(|block| block.counted).collect()
		};
		assert_eq!(counts(blocks(&[0, 0, 5, 0, 7, 0])), [5, 0, 7]);
		assert_eq!(counts(blocks(&[0, 0])), Vec::<u64>::new());
	}

	#[test]
	fn should_give_nothing_when_there_is_no_block_after_the_first() {
		assert_eq!(busiest_window(&blocks(&[99]), 10), None);
		assert_eq!(busiest_window(&[], 10), None);
	}
}
