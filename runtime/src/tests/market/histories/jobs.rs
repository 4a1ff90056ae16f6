//! Users, providers at work, those who want data, and courts.

use super::{
	super::{dispatch, now, signed},
	pick,
	world::Done,
};
use crate::{Balance, Jobs, Runtime};
use assay_market::{
	traits::{Disputable, ModelKind, Models, Verdict},
	Assignment, JobId, Limits, ModelId, Request, Sampling, Tick, TokenList,
};
use frame_support::storage::with_storage_layer;
use pallet_jobs::{Blake2, Call, DeclineReason, PostedLeaf, Side, State, Words};
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;
use sp_runtime::DispatchError;

#[derive(Clone, Debug)]
pub(super) enum Act {
	Submit {
		model: usize,
		/// By a holder of vouchers, in what it holds.
		own: bool,
		series: usize,
		/// A provider, or whoever offers best.
		named: Option<usize>,
		inputs: u32,
		inline: bool,
		max_tokens: u32,
		max_price: Balance,
		accept_within: Tick,
		max_deadline_ticks: Tick,
		exposure_factor: Option<u32>,
	},
	Cancel {
		job: usize,
		own: bool,
	},
	Decline {
		job: usize,
		own: bool,
	},
	Accept {
		job: usize,
		own: bool,
	},
	Commit {
		job: usize,
		own: bool,
		inline: bool,
		shorter: u32,
	},
	AcceptAndCommit {
		job: usize,
	},
	RequestData {
		job: usize,
		side: Side,
	},
	PostData {
		job: usize,
		side: Side,
		own: bool,
	},
	Poke(usize),
	/// A court that began a game ends it.
	Verdict {
		job: usize,
		kind: u8,
		costs: Balance,
	},
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let index = any::<usize>;
	let own = || prop::bool::weighted(0.9);
	let side = || prop_oneof![Just(Side::Input), Just(Side::Output)];
	let ticks = || prop_oneof![6 => 20..600_u32, 1 => any_tick()];
	let tokens = || prop_oneof![8 => 1..40_u32, 2 => 40..900_u32, 1 => any_tick()];
	let price = prop_oneof![4 => Just(Balance::MAX), 1 => pick::units()];
	let factor = proptest::option::weighted(0.2, prop_oneof![160..1_001_u32, any_tick()]);
	let submit = (
		(index(), own(), index(), proptest::option::weighted(0.5, index())),
		(tokens(), prop::bool::weighted(0.6), tokens(), price),
		(ticks(), ticks(), factor),
	);
	prop_oneof![
		8 => submit.prop_map(|(who, what, when)| {
			let (model, own, series, named) = who;
			let (inputs, inline, max_tokens, max_price) = what;
			let (accept_within, max_deadline_ticks, exposure_factor) = when;
			Act::Submit {
				model, own, series, named, inputs, inline, max_tokens, max_price, accept_within,
				max_deadline_ticks, exposure_factor,
			}
		}),
		2 => (index(), own()).prop_map(|(job, own)| Act::Cancel { job, own }),
		1 => (index(), own()).prop_map(|(job, own)| Act::Decline { job, own }),
		8 => (index(), own()).prop_map(|(job, own)| Act::Accept { job, own }),
		8 => (index(), own(), any::<bool>(), 0..3_u32)
			.prop_map(|(job, own, inline, shorter)| Act::Commit { job, own, inline, shorter }),
		2 => index().prop_map(|job| Act::AcceptAndCommit { job }),
		4 => (index(), side()).prop_map(|(job, side)| Act::RequestData { job, side }),
		4 => (index(), side(), own()).prop_map(|(job, side, own)| Act::PostData { job, side, own }),
		3 => index().prop_map(Act::Poke),
		3 => (index(), any::<u8>(), pick::amount())
			.prop_map(|(job, kind, costs)| Act::Verdict { job, kind, costs }),
	]
}

fn any_tick() -> impl Strategy<Value = u32> {
	prop_oneof![Just(0), Just(1), Just(u32::MAX), any::<u32>()]
}

/// So many tokens, none of which ends an answer; as many as anybody would send.
fn tokens(length: u32) -> Vec<u32> {
	(0..length.min(1_000)).map(|place| 3 + place % 90).collect()
}

/// A list in a call.
fn words(inline: bool, length: u32) -> Words {
	let tokens = tokens(length);
	if inline {
		Words::Inline(tokens.try_into().expect("at most a thousand"))
	} else {
		Words::Root(TokenList::of::<Blake2>(&tokens))
	}
}

/// A vector of zeros, which is canonical.
fn zeros(inline: bool, dimension: u32) -> Words {
	let zeros = vec![0; usize::try_from(dimension).expect("a small model")];
	if inline {
		Words::Inline(zeros.try_into().expect("a small model"))
	} else {
		Words::Root(TokenList::of::<Blake2>(&zeros))
	}
}

fn kind_of(model: &ModelId) -> Option<ModelKind> {
	crate::Models::facts(model).map(|facts| facts.kind)
}

/// The account that may act for the provider of a job: the one whose turn it is, or that promised.
fn server(job: JobId) -> Option<Sr25519Keyring> {
	let provider = Jobs::job(job)?.provider?;
	let owner = pallet_providers::Providers::<Runtime>::get(provider)?.owner;
	pick::key_of(&owner)
}

fn user(job: JobId) -> Option<Sr25519Keyring> {
	let user = Jobs::job(job)?.job.user;
	pick::key_of(&user)
}

/// An answer to a job, shorter than asked for by so much.
fn answer(job: JobId, inline: bool, shorter: u32) -> Option<Words> {
	let request = Jobs::job(job)?.job.request;
	Some(match kind_of(&request.model)? {
		ModelKind::Generate => {
			words(inline, request.limits.max_tokens.saturating_sub(shorter).max(1))
		}
		ModelKind::Embed { dimension } => zeros(inline, dimension),
	})
}

/// The one leaf of a list that a history made, if it has no more.
fn leaf(list: &TokenList) -> Option<PostedLeaf> {
	let known = [tokens(list.length), vec![0; usize::try_from(list.length).ok()?.min(1_000)]];
	let words = known.into_iter().find(|words| TokenList::of::<Blake2>(words) == *list)?;
	Some(PostedLeaf { index: 0, words: words.try_into().ok()?, siblings: Default::default() })
}

impl Act {
	pub(super) fn take(&self, who: Sr25519Keyring) -> Done {
		match self.clone() {
			Self::Submit { model, .. } => self.submit(who, pick::model(model)),
			Self::Cancel { job, own } => {
				let job = pick::job(job, |job| matches!(job.state, State::Submitted(_)))?;
				let who = if own { user(job)? } else { who };
				Some(dispatch(Call::<Runtime>::cancel { job }, signed(who)))
			}
			Self::Decline { job, own } => {
				let job = pick::job(job, |job| matches!(job.state, State::Submitted(_)))?;
				let who = if own { server(job)? } else { who };
				let decline = Call::<Runtime>::decline { job, reason: DeclineReason::Busy };
				Some(dispatch(decline, signed(who)))
			}
			Self::Accept { job, own } => {
				let job = pick::job(job, |job| matches!(job.state, State::Submitted(_)))?;
				let who = if own { server(job)? } else { who };
				let terms_hash = Jobs::job(job)?.terms_hash?;
				Some(dispatch(Call::<Runtime>::accept { job, terms_hash }, signed(who)))
			}
			Self::Commit { job, own, inline, shorter } => {
				let job = pick::job(job, |job| matches!(job.state, State::Accepted(_)))?;
				let who = if own { server(job)? } else { who };
				let terms_hash = Jobs::job(job)?.terms_hash?;
				let output = answer(job, inline, shorter)?;
				let commit = Call::<Runtime>::commit { job, terms_hash, output };
				Some(dispatch(commit, signed(who)))
			}
			Self::AcceptAndCommit { job } => {
				let job = pick::job(job, |job| matches!(job.state, State::Submitted(_)))?;
				let terms_hash = Jobs::job(job)?.terms_hash?;
				let output = answer(job, false, 0)?.list();
				let both = Call::<Runtime>::accept_and_commit { job, terms_hash, output };
				Some(dispatch(both, signed(server(job)?)))
			}
			Self::RequestData { job, side } => {
				let job = pick::job(job, |job| job.answer().is_some())?;
				let commitment_hash = Jobs::job(job)?.commitment_hash?;
				let request = Call::<Runtime>::request_data { job, commitment_hash, side };
				Some(dispatch(request, signed(who)))
			}
			Self::PostData { job, side, own } => post(who, job, side, own),
			Self::Poke(job) => {
				let job = pick::job(job, |_| true)?;
				Some(dispatch(Call::<Runtime>::poke { job }, signed(who)))
			}
			Self::Verdict { job, kind, costs } => verdict(who, job, kind, costs),
		}
	}

	fn submit(&self, who: Sr25519Keyring, model: ModelId) -> Done {
		let Self::Submit {
			own,
			series,
			named,
			inputs,
			inline,
			max_tokens,
			max_price,
			accept_within,
			max_deadline_ticks,
			exposure_factor,
			..
		} = *self
		else {
			return None;
		};
		let (who, series) = match own {
			true => pick::holder(series)?,
			false => (who, pick::series(series)),
		};
		let max_tokens = match kind_of(&model)? {
			ModelKind::Generate => max_tokens,
			ModelKind::Embed { .. } => 0,
		};
		let request = Request {
			model,
			input: words(inline, inputs),
			sampling: Sampling::default(),
			limits: Limits { max_tokens },
			series,
			max_price,
			assignment: match named {
				Some(which) => Assignment::Named(
					pick::server(which, model).unwrap_or_else(|| pick::provider(which)),
				),
				None => Assignment::BestOffer,
			},
			accept_within,
			max_deadline_ticks,
			exposure_factor,
		};
		let nonce = pallet_jobs::NextNonce::<Runtime>::get(who.to_account_id());
		Some(dispatch(Call::<Runtime>::submit { nonce, request }, signed(who)))
	}
}

fn post(who: Sr25519Keyring, job: usize, side: Side, own: bool) -> Done {
	let job = pick::job(job, |job| job.data_due_at().is_some())?;
	let view = Jobs::job(job)?;
	let list = match side {
		Side::Input => view.job.request.input,
		Side::Output => *view.job.answer()?.commitment.output(),
	};
	let leaves = vec![leaf(&list)?].try_into().ok()?;
	let commitment_hash = view.commitment_hash?;
	let who = if own { server(job)? } else { who };
	Some(dispatch(Call::<Runtime>::post_data { job, commitment_hash, side, leaves }, signed(who)))
}

/// A game begins, if it may, and ends one way or another; sometimes it stays open.
fn verdict(who: Sr25519Keyring, job: usize, kind: u8, costs: Balance) -> Done {
	let job = pick::job(job, |job| job.answer().is_some())?;
	let commitment_hash = Jobs::job(job)?.commitment_hash?;
	// What a dispute is worth by formula is little.
	let challenger = (who.to_account_id(), costs.min(crate::units::ASY));
	Some(with_storage_layer(|| -> Result<(), DispatchError> {
		let is_open = Jobs::job(job)
			.and_then(|view| view.job.answer().map(|answer| answer.open_games > 0))
			.unwrap_or(false);
		if !is_open || kind.is_multiple_of(3) {
			Jobs::hold(&job, &commitment_hash)?;
		}
		match kind % 8 {
			0 | 1 => Ok(()),
			2 => Jobs::extend_window(&job, now().saturating_add(kind.into())),
			3 | 4 => Jobs::decide(&job, Verdict::Upheld),
			5 => Jobs::decide(&job, Verdict::Refuted { challenger: Some(challenger) }),
			6 => Jobs::decide(&job, Verdict::Silent { challenger: Some(challenger) }),
			_ => Jobs::decide(&job, Verdict::Void),
		}
	}))
}
