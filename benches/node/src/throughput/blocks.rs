//! What the blocks of a run hold.

use anyhow::{ensure, Context, Result};
use subxt::{dynamic, ext::scale_decode::DecodeAsType};

use assay_localnet::{
	client::{AtBlock, Client},
	rpc::Rpc,
};

/// One block of the run.
pub(crate) struct BlockLoad {
	/// Height.
	pub(crate) number: u64,
	/// The block's own timestamp, in milliseconds.
	pub(crate) timestamp: u64,
	/// Successful transfers in it.
	pub(crate) transfers: u64,
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

/// The loads of the blocks after `first` up to `last`, without empty ones at both ends.
pub(super) async fn between(
	chain: &Client,
	rpc: &Rpc,
	first: u64,
	last: u64,
) -> Result<Vec<BlockLoad>> {
	let mut blocks = Vec::new();
	for number in first + 1..=last {
		let hash = rpc.hash_at(number).await?;
		let hash = hash.with_context(|| format!("the node lost block #{number}"))?;
		let at = chain.at_block(hash).await.with_context(|| {
			format!("cannot read block #{number}; a run this long outlives the kept state")
		})?;
		blocks.push(load_of(&at).await.with_context(|| format!("block #{number}"))?);
	}
	let is_empty = |block: &BlockLoad| block.transfers == 0;
	let leading = blocks.iter().take_while(|block| is_empty(block)).count();
	let trailing = blocks.iter().rev().take_while(|block| is_empty(block)).count();
	blocks.truncate(blocks.len() - trailing.min(blocks.len() - leading));
	Ok(blocks.split_off(leading))
}

async fn load_of(at: &AtBlock) -> Result<BlockLoad> {
	let events = at.events().fetch().await.context("cannot read the events")?;
	let mut transfers = 0;
	for event in events.iter() {
		let event = event.context("cannot decode an event")?;
		match (event.pallet_name(), event.event_name()) {
			("Balances", "Transfer") => transfers += 1,
			("System", name) => ensure!(name != "ExtrinsicFailed", "a transfer failed"),
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
		transfers,
		weight_fill: used as f64 / limit as f64,
	})
}

/// The best rate (transfers per second) over `window` consecutive blocks, or over all blocks where
/// there are fewer; with the number of blocks that it was taken over.
///
/// The time of a window runs from the block before it to its last block, so the first block of
/// the run opens a window but is in none. `None` where that leaves no block.
pub(super) fn busiest_window(blocks: &[BlockLoad], window: usize) -> Option<(usize, f64)> {
	let window = window.min(blocks.len().checked_sub(1)?);
	if window == 0 {
		return None;
	}
	let rates = blocks.windows(window + 1).filter_map(|blocks| {
		let (before, inside) = blocks.split_first()?;
		let milliseconds = inside.last()?.timestamp.checked_sub(before.timestamp)?;
		let transfers: u64 = inside.iter().map(|block| block.transfers).sum();
		(milliseconds > 0).then(|| transfers as f64 * 1_000.0 / milliseconds as f64)
	});
	rates.reduce(f64::max).map(|rate| (window, rate))
}

#[cfg(test)]
mod tests {
	use super::*;

	/// Blocks one second apart with these transfers.
	fn blocks(transfers: &[u64]) -> Vec<BlockLoad> {
		(0..)
			.zip(transfers)
			.map(|(number, transfers)| BlockLoad {
				number,
				timestamp: 1_000 * number,
				transfers: *transfers,
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
	fn should_give_nothing_when_there_is_no_block_after_the_first() {
		assert_eq!(busiest_window(&blocks(&[99]), 10), None);
		assert_eq!(busiest_window(&[], 10), None);
	}
}
