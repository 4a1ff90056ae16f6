//! The moves of all jobs, one after the other.

use std::collections::HashMap;

use anyhow::{ensure, Context, Result};
use futures::{stream, StreamExt, TryStreamExt};
use subxt::{
	dynamic::{self, Value},
	events::DecodeAsEvent,
	ext::scale_decode::DecodeAsType,
};

use super::{
	calls::{self, Hash},
	market::{Market, Provider},
	Move,
};
use crate::{
	blocks::{self, BlockLoad, Counted},
	transactions::{send, sign},
};
use assay_localnet::{
	client::{self, AtBlock, Client},
	progress::Progress,
	rpc::Rpc,
};

/// Blocks in which a move of all jobs must be over: those of the settlement include a window.
const MOVE_BLOCKS: u64 = 2_000;
/// Questions to the node at the same time.
const IN_FLIGHT: usize = 16;

/// A job with what its provider names the terms by.
struct Promised {
	job: Hash,
	terms_hash: Hash,
	/// Place of its provider in the market.
	provider: usize,
}

/// Takes jobs through their life.
pub(super) async fn run(
	progress: &Progress,
	chain: &Client,
	rpc: &Rpc,
	market: &Market,
	jobs: u32,
) -> Result<Vec<Move>> {
	let run = Run { chain, rpc, expected: jobs.into() };
	let at = run.now().await?;

	progress.say(format!("signing and submitting {jobs} jobs"));
	let submitted = run.play(("Jobs", "Submitted"), submissions(&at, market, jobs)?).await?;
	progress.say("asking for the terms of each");
	let promised = run.terms(market, &submitted).await?;

	progress.say("accepting them");
	// The first transaction made the account a provider; the first provider also subscribed.
	let mut nonces: Vec<u64> = vec![1; market.providers.len()];
	nonces[0] += 1;
	let by_provider = |call: fn(&Hash, &Hash) -> calls::Call, nonces: &mut Vec<u64>| {
		let sign_one = |one: &Promised| {
			let Provider { owner, .. } = &market.providers[one.provider];
			let nonce = nonces[one.provider];
			nonces[one.provider] += 1;
			sign(&at, &call(&one.job, &one.terms_hash), owner, nonce)
		};
		promised.iter().map(sign_one).collect::<Result<Vec<_>>>()
	};
	let signed = by_provider(calls::accept, &mut nonces)?;
	let accepted = run.play(("Jobs", "Accepted"), signed).await?;

	progress.say("answering them");
	let signed = by_provider(calls::commit, &mut nonces)?;
	let first_answer = rpc.best().await?.number;
	let committed = run.play(("Jobs", "Committed"), signed).await?;

	progress.say("waiting for the ends of their windows");
	let span = (first_answer, MOVE_BLOCKS);
	let ended = blocks::until(chain, rpc, span, ("Jobs", "Ended"), run.expected).await?;
	let settled = settled_jobs(&run.now().await?).await?;
	ensure!(settled == run.expected, "of {jobs} jobs {settled} were settled");

	let moves = [
		("submitted", submitted),
		("accepted", accepted),
		("answered", committed),
		("settled", ended),
	];
	Ok(moves.into_iter().map(|(name, blocks)| Move { name, blocks }).collect())
}

/// The submissions of all jobs: users ask in turn, and providers are asked in turn.
fn submissions(at: &AtBlock, market: &Market, jobs: u32) -> Result<Vec<Vec<u8>>> {
	let (users, providers) = (market.users.len(), market.providers.len());
	let submission = |index: usize| {
		let nonce = (index / users) as u64;
		let provider = market.providers[index % providers].number;
		// The first transaction of a user bought the vouchers.
		sign(at, &calls::submit(market, nonce, provider), &market.users[index % users], nonce + 1)
	};
	(0..jobs as usize).map(submission).collect()
}

/// What all moves need.
struct Run<'a> {
	chain: &'a Client,
	rpc: &'a Rpc,
	expected: u64,
}

impl Run<'_> {
	async fn now(&self) -> Result<AtBlock> {
		blocks::newest(self.chain, self.rpc).await
	}

	/// Sends transactions, and waits until each has caused its event; returns the blocks of these.
	async fn play(&self, event: Counted, signed: Vec<Vec<u8>>) -> Result<Vec<BlockLoad>> {
		let first = self.rpc.best().await?.number;
		send(self.rpc, signed).await.with_context(|| format!("{}.{}", event.0, event.1))?;
		blocks::until(self.chain, self.rpc, (first, MOVE_BLOCKS), event, self.expected).await
	}

	/// The terms of all submitted jobs, in the order of their submission.
	async fn terms(&self, market: &Market, blocks: &[BlockLoad]) -> Result<Vec<Promised>> {
		let places: HashMap<u32, usize> =
			market.providers.iter().zip(0..).map(|(one, place)| (one.number, place)).collect();
		let mut submitted = Vec::new();
		for block in blocks {
			let at = blocks::block(self.chain, self.rpc, block.number).await?;
			let events = at.events().fetch().await.context("cannot read the events")?;
			for event in events.find::<Submitted>() {
				submitted.push(event.context("cannot decode Jobs.Submitted")?);
			}
		}
		let at = &self.now().await?;
		let places = &places;
		stream::iter(submitted)
			.map(|one| async move {
				let candidate = one.candidates.first().context("a job has a candidate")?;
				let provider = places.get(&candidate.provider).context("a job of somebody else")?;
				let terms_hash = terms_hash(at, &one.job).await?;
				Ok(Promised { job: one.job, terms_hash, provider: *provider })
			})
			.buffered(IN_FLIGHT)
			.try_collect()
			.await
	}
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Submitted {
	job: Hash,
	candidates: Vec<Candidate>,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct Candidate {
	provider: u32,
}

impl DecodeAsEvent for Submitted {
	fn is_event(pallet: &str, event: &str) -> bool {
		pallet == "Jobs" && event == "Submitted"
	}
}

async fn terms_hash(at: &AtBlock, job: &Hash) -> Result<Hash> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct JobView {
		terms_hash: Option<Hash>,
	}
	let view: Option<JobView> =
		client::view(at, "Jobs", "job", vec![Value::from_bytes(job)]).await?;
	view.and_then(|view| view.terms_hash).context("a job that nobody may accept")
}

async fn settled_jobs(at: &AtBlock) -> Result<u64> {
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Totals {
		ended: Ended,
	}
	#[derive(DecodeAsType)]
	#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
	struct Ended {
		settled: u64,
	}
	let totals = dynamic::storage::<(), Totals>("Jobs", "Totals");
	let totals = at.storage().fetch(totals, ()).await.context("Jobs.Totals")?;
	Ok(totals.decode().context("cannot decode Jobs.Totals")?.ended.settled)
}
