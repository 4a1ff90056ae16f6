//! The market's calls and views, by their names in the metadata.

use subxt::{
	dynamic::{self, Value},
	ext::scale_value::Composite,
	tx::DynamicPayload,
};

use super::market::Market;

/// A call with named arguments.
pub(super) type Call = DynamicPayload<Composite<()>>;

/// A hash, as of models, jobs and terms.
pub(super) type Hash = [u8; 32];

/// Tokens of each request and each answer, of the demo model's vocabulary; none of them ends an answer.
const INPUT: [u128; 3] = [1, 5, 9];
const OUTPUT: [u128; 4] = [3, 4, 5, 6];

fn call<const N: usize>(pallet: &str, name: &str, arguments: [(&str, Value); N]) -> Call {
	dynamic::tx(pallet, name, Composite::named(arguments))
}

fn unit_variant(name: &str) -> Value {
	Value::unnamed_variant(name, [])
}

fn inline(tokens: &[u128]) -> Value {
	let tokens = Value::unnamed_composite(tokens.iter().copied().map(Value::u128));
	Value::unnamed_variant("Inline", [tokens])
}

/// Several calls, all of which happen or none.
pub(super) fn batch(calls: Vec<Call>) -> Call {
	let calls = Value::unnamed_composite(calls.into_iter().map(Call::into_value));
	call("Utility", "batch_all", [("calls", calls)])
}

/// What makes an account a provider that is online and takes `most_jobs` at once with a bond.
pub(super) fn become_provider(model: &Hash, bond: u128, most_jobs: u32, attests: bool) -> Call {
	let of_model = || ("model", Value::from_bytes(model));
	let offer = Value::named_composite([
		("min_price_per_unit", Value::u128(1)),
		("multiplier_percent", Value::u128(100)),
		// Acceptances and answers of all jobs follow each other.
		("deadline_base_ticks", Value::u128(2_000)),
		("deadline_ticks_per_1000_tokens", Value::u128(1)),
		("max_open_jobs", Value::u128(most_jobs.into())),
		("trace_bytes_per_tick", Value::u128(1_000_000_000_000)),
		("units_per_day", Value::u128(1_000_000_000_000)),
	]);
	let mut calls = vec![
		call("Providers", "register", []),
		call("Providers", "bond", [of_model(), ("amount", Value::u128(bond))]),
		call("Providers", "set_offer", [of_model(), ("offer", offer)]),
		call("Providers", "set_online", [("online", Value::bool(true))]),
	];
	if attests {
		calls.push(call("Models", "attest", [of_model()]));
	}
	batch(calls)
}

/// Opens a series in the native token.
pub(super) fn open_series() -> Call {
	call("Vouchers", "open_series", [("quote", unit_variant("Native"))])
}

/// Undertakes to serve units of a series.
pub(super) fn subscribe(series: u32, model: &Hash, units: u128) -> Call {
	let series = ("series", Value::u128(series.into()));
	let model = ("model", Value::from_bytes(model));
	call("Vouchers", "subscribe", [series, model, ("units", Value::u128(units))])
}

/// Buys units of a series, whatever they cost.
pub(super) fn mint(series: u32, units: u128) -> Call {
	let series = ("series", Value::u128(series.into()));
	let most = ("max_cost", Value::u128(u128::MAX));
	call("Vouchers", "mint", [series, ("units", Value::u128(units)), most])
}

/// Asks a provider for an answer.
pub(super) fn submit(market: &Market, nonce: u64, provider: u32) -> Call {
	let sampling = Value::named_composite([
		("temperature_bits", Value::u128(0)),
		("top_k", Value::u128(0)),
		("top_p", Value::u128(0)),
		("min_p", Value::u128(0)),
		("seed", Value::unnamed_composite([0, 0, 0, 0].map(Value::u128))),
	]);
	let limits = Value::named_composite([("max_tokens", Value::u128(OUTPUT.len() as u128))]);
	let provider = Value::unnamed_variant("Named", [Value::u128(provider.into())]);
	let request = Value::named_composite([
		("model", Value::from_bytes(market.model)),
		("input", inline(&INPUT)),
		("sampling", sampling),
		("limits", limits),
		("series", Value::u128(market.series.into())),
		("max_price", Value::u128(market.units_per_job)),
		("assignment", provider),
		("accept_within", Value::u128(600)),
		("max_deadline_ticks", Value::u128(3_600)),
		("exposure_factor", none()),
	]);
	call("Jobs", "submit", [("nonce", Value::u128(nonce.into())), ("request", request)])
}

/// Promises an answer.
pub(super) fn accept(job: &Hash, terms_hash: &Hash) -> Call {
	let terms_hash = ("terms_hash", Value::from_bytes(terms_hash));
	call("Jobs", "accept", [("job", Value::from_bytes(job)), terms_hash])
}

/// Answers.
pub(super) fn commit(job: &Hash, terms_hash: &Hash) -> Call {
	let terms_hash = ("terms_hash", Value::from_bytes(terms_hash));
	let output = ("output", inline(&OUTPUT));
	call("Jobs", "commit", [("job", Value::from_bytes(job)), terms_hash, output])
}

/// The arguments of `Jobs.quote` for a request of [`submit`].
pub(super) fn quote_arguments(model: &Hash, series: u32, provider: u32) -> Vec<Value> {
	let lengths = Value::named_composite([
		("inputs", Value::u128(INPUT.len() as u128)),
		("outputs", Value::u128(OUTPUT.len() as u128)),
	]);
	vec![
		Value::from_bytes(model),
		lengths,
		Value::u128(series.into()),
		Value::u128(provider.into()),
		none(),
	]
}

/// `None` of an option.
pub(super) fn none() -> Value {
	unit_variant("None")
}
