//! What a number of a step stands for: one of what there is.

use crate::{units::ASY, AccountId, Assets, Balance, Runtime};
use assay_market::{JobId, ModelId, ProviderId, Quote, SeriesId};
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

/// An amount, often at an edge.
pub(super) fn amount() -> impl Strategy<Value = Balance> {
	prop_oneof![
		1 => Just(0),
		1 => Just(1),
		2 => 2..1_000_000_u128,
		4 => 1_000_000..500_000_000_u128,
		4 => ASY / 1_000..ASY,
		6 => ASY..2_000 * ASY,
		1 => prop_oneof![Just(u128::MAX), Just(u128::MAX / 2), Just(u128::from(u64::MAX))],
	]
}

/// Units of vouchers that can be had.
pub(super) fn units() -> impl Strategy<Value = Balance> {
	prop_oneof![
		1 => Just(0),
		1 => Just(1),
		8 => 1_000..5_000_000_u128,
		8 => 100_000_000..400_000_000_u128,
		1 => amount(),
	]
}

/// The `which`th of `items`, counted round and round.
pub(super) fn of<Item>(items: impl Iterator<Item = Item>, which: usize) -> Option<Item> {
	let mut items: Vec<_> = items.collect();
	which.checked_rem(items.len()).map(|place| items.swap_remove(place))
}

pub(super) fn account(which: usize) -> Sr25519Keyring {
	use Sr25519Keyring::{Alice, Bob, Charlie, Dave, Eve, Ferdie};
	// Providers and users of the market that histories begin with, then the others.
	match which {
		0 => Bob,
		1 => Charlie,
		2 => Dave,
		3 => Eve,
		4 => Ferdie,
		5 => Alice,
		_ => of(Sr25519Keyring::well_known(), which).unwrap_or(Alice),
	}
}

/// A registered model; the first is the listed one.
pub(super) fn model(which: usize) -> ModelId {
	let others = pallet_models::Records::<Runtime>::iter_keys();
	let listed = super::super::deal::model();
	match which % 4 {
		0 | 1 => listed,
		_ => of(others, which).unwrap_or(listed),
	}
}

pub(super) fn provider(which: usize) -> ProviderId {
	of(pallet_providers::Providers::<Runtime>::iter_keys(), which).unwrap_or_default()
}

/// A series; mostly the latest.
pub(super) fn series(which: usize) -> SeriesId {
	let next = pallet_vouchers::NextSeriesId::<Runtime>::get();
	match which % 3 {
		0 => SeriesId(next.0.saturating_sub(1)),
		_ => of(pallet_vouchers::AllSeries::<Runtime>::iter_keys(), which).unwrap_or(next),
	}
}

pub(super) fn quote(which: usize) -> Quote {
	match which % 3 {
		0 | 1 => Quote::Native,
		_ => Quote::Asset(crate::genesis_config_presets::market::STABLE_ASSET),
	}
}

/// The known account of this id.
pub(super) fn key_of(account: &AccountId) -> Option<Sr25519Keyring> {
	Sr25519Keyring::well_known().find(|known| known.to_account_id() == *account)
}

/// Whether an account is one of those that histories mostly act for, not a stranger.
pub(super) fn is_regular(who: Sr25519Keyring) -> bool {
	(0..5).any(|which| account(which) == who)
}

/// The owner of some provider in the place of a regular account; a stranger stays who it is.
pub(super) fn owner(who: Sr25519Keyring, which: usize) -> Sr25519Keyring {
	let owners = pallet_providers::Providers::<Runtime>::iter_values();
	let known = of(owners.filter_map(|provider| key_of(&provider.owner)), which);
	known.filter(|_| is_regular(who)).unwrap_or(who)
}

/// Somebody who can claim, and in what.
pub(super) fn claim(which: usize) -> Option<(Sr25519Keyring, Quote)> {
	let claims = pallet_payouts::Claims::<Runtime>::iter_keys();
	of(claims.filter_map(|(owner, quote)| Some((key_of(&owner)?, quote))), which)
}

/// A series with subscribed units that nobody has bought; if there is none, any.
pub(super) fn unsold(which: usize) -> SeriesId {
	let all = pallet_vouchers::AllSeries::<Runtime>::iter();
	let unsold = all.filter(|(_, record)| record.subscribed > record.minted);
	of(unsold.map(|(id, _)| id), which).unwrap_or_else(|| series(which))
}

/// A provider that offers a model.
pub(super) fn server(which: usize, model: ModelId) -> Option<ProviderId> {
	let ledgers = pallet_providers::Ledgers::<Runtime>::iter();
	let offering = ledgers.filter(|(_, of, ledger)| *of == model && ledger.offer.is_some());
	self::of(offering.map(|(provider, _, _)| provider), which)
}

/// Somebody who holds vouchers, and their series.
pub(super) fn holder(which: usize) -> Option<(Sr25519Keyring, SeriesId)> {
	let series = pallet_vouchers::AllSeries::<Runtime>::iter();
	let held = series.flat_map(|(id, record)| {
		Sr25519Keyring::well_known()
			.filter(move |who| Assets::balance(record.asset, who.to_account_id()) > 0)
			.map(move |who| (who, id))
	});
	of(held, which)
}

/// An open job that `wanted` wants.
pub(super) fn job(
	which: usize,
	wanted: impl Fn(&pallet_jobs::JobOf<Runtime>) -> bool,
) -> Option<JobId> {
	let jobs = pallet_jobs::Jobs::<Runtime>::iter().filter(|(_, job)| wanted(job));
	of(jobs.map(|(id, _)| id), which)
}
