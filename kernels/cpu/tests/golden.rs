//! The golden vectors, as far as they state an operation that exists here by itself.
//!
//! Operands are read as a loader reads them, through CANON. What has no vectors of its own here
//! (statistics apart from their elements, records of single blocks) is compared with the definition by
//! the other tests.

#![allow(
	clippy::cast_possible_truncation,
	clippy::cast_possible_wrap,
	clippy::cast_sign_loss,
	reason = "operands are made of bits on purpose, and dimensions are small"
)]
#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

mod common;

use std::{cell::RefCell, collections::BTreeMap};

use assay_kernels_cpu::{
	attention::{attend, Attention, CacheShape, KvCache, Mask, Sequence, Slot},
	elementwise,
	linear::{Epilogue, Linear},
	pool::mean_pool,
	quantise::{quantise, Scheme},
	rope::{rotate, Angles},
	Codes, Engine,
};
use assay_kernels_exact::{
	activation::Activation, attention::BLOCK, float::canon, linear::Weights, quantise::Digits,
	rope::Pairing,
};
use assay_kernels_vectors::{cases, Case, Error, Outputs, Values, FILES};
use common::{all_codes, bytes, on_every_engine};

/// The operations replayed here, with the number of their cases.
type Tally = BTreeMap<String, usize>;

#[test]
fn every_vector_of_an_operation_of_this_crate_replays() {
	let tally: RefCell<Tally> = RefCell::default();
	on_every_engine(|engine| {
		let mut tally = tally.borrow_mut();
		for (file, text) in FILES {
			for case in cases(text).unwrap() {
				let outputs = run(engine, &case).unwrap_or_else(|e| panic!("{file}: {e}"));
				let Some(outputs) = outputs else { continue };
				let level = engine.level();
				case.check_given(&outputs).unwrap_or_else(|e| panic!("{level}, {file}: {e}"));
				*tally.entry(case.op.clone()).or_default() += 1;
			}
		}
	});
	let tally = tally.into_inner();
	let replayed: Vec<&str> = tally.keys().map(String::as_str).collect();
	assert_eq!(
		replayed,
		[
			"activate",
			"add",
			"attention",
			"dequantise",
			"embedding_sum",
			"gated",
			"linear",
			"mean_pool",
			"mul",
			"quantise_asymmetric",
			"quantise_symmetric",
			"rope_rotate",
			"scale",
			"softcap",
		]
	);
	println!("{tally:?}");
}

/// The f32 of an operand as a loader reads them.
fn floats(case: &Case, name: &str) -> Result<Vec<f32>, Error> {
	Ok(case.all::<f32>(name)?.iter().map(|&x| canon(x)).collect())
}

fn float(case: &Case, name: &str) -> Result<f32, Error> {
	case.one(name).map(canon)
}

/// The codes of an operand and their digits.
fn codes(case: &Case, name: &str) -> Result<(Vec<i16>, Digits), Error> {
	match case.values(name) {
		Some(Values::I8(codes)) => {
			Ok((codes.iter().copied().map(i16::from).collect(), Digits::One))
		}
		_ => Ok((case.all::<i16>(name)?.to_vec(), Digits::Two)),
	}
}

fn activation(case: &Case) -> Result<Activation, Error> {
	use Activation::{Gelu, GeluTanh, Relu, Silu, Tanh};
	Ok([Relu, Silu, Gelu, GeluTanh, Tanh][usize::from(case.one::<u8>("activation")?)])
}

/// The outputs of a case, `None` where no operation of this crate is the case's.
fn run(engine: Engine<'_>, case: &Case) -> Result<Option<Outputs>, Error> {
	let replaced = |name: &'static str, first: &str, f: &dyn Fn(&mut [f32])| {
		let mut x = floats(case, first)?;
		f(&mut x);
		Ok(vec![(name, Values::F32(x))])
	};
	Ok(Some(match case.op.as_str() {
		"add" => {
			let y = floats(case, "y")?;
			replaced("z", "x", &|x| elementwise::add(engine, x, &y).unwrap())?
		}
		"mul" => {
			let y = floats(case, "y")?;
			replaced("z", "x", &|x| elementwise::mul(engine, x, &y).unwrap())?
		}
		"scale" => {
			let factor = float(case, "factor")?;
			replaced("y", "x", &|x| elementwise::scale(engine, x, factor))?
		}
		"softcap" => {
			let cap = float(case, "cap")?;
			replaced("y", "x", &|x| elementwise::softcap(engine, cap, x))?
		}
		"activate" => {
			let kind = activation(case)?;
			replaced("y", "x", &|x| elementwise::activate(engine, kind, x))?
		}
		"gated" => {
			let (kind, up) = (activation(case)?, floats(case, "up")?);
			replaced("y", "gate", &|x| elementwise::gated(engine, kind, x, &up).unwrap())?
		}
		"embedding_sum" => {
			let (position, kind) = (floats(case, "position")?, floats(case, "kind")?);
			let sum =
				|x: &mut [f32]| elementwise::embedding_sum(engine, x, &position, &kind).unwrap();
			replaced("y", "word", &sum)?
		}
		"mean_pool" => {
			let (x, columns) = (floats(case, "x")?, case.one::<u32>("columns")? as usize);
			let mut out = vec![0.0; columns];
			mean_pool(engine, &x, columns, &[x.len() / columns], &mut out).unwrap();
			vec![("y", Values::F32(out))]
		}
		"rope_rotate" => rope(engine, case)?,
		"quantise_symmetric" | "quantise_asymmetric" => return quantised(engine, case),
		"dequantise" => return dequantised(engine, case),
		"linear" => linear(engine, case)?,
		"attention" => return attention(engine, case),
		_ => return Ok(None),
	}))
}

fn rope(engine: Engine<'_>, case: &Case) -> Result<Outputs, Error> {
	let pairing = [Pairing::Halves, Pairing::Interleaved][usize::from(case.one::<u8>("pairing")?)];
	let mut head = floats(case, "head")?;
	let mut angles = Angles::new();
	angles.fill(engine, case.all("phases")?, &[case.one("position")?]);
	let d = head.len();
	rotate(engine, &mut head, d, d, &angles, pairing).unwrap();
	Ok(vec![("y", Values::F32(head))])
}

fn quantised(engine: Engine<'_>, case: &Case) -> Result<Option<Outputs>, Error> {
	let x = floats(case, "x")?;
	if x.is_empty() {
		// A tile may be empty, a row may not.
		return Ok(None);
	}
	let multipliers =
		case.values("multipliers").map(|_| floats(case, "multipliers")).transpose()?;
	let asymmetric = case.op == "quantise_asymmetric";
	let scheme = match asymmetric {
		true => Scheme::Asymmetric,
		false if case.one::<u8>("digits")? == 1 => Scheme::Symmetric(Digits::One),
		false => Scheme::Symmetric(Digits::Two),
	};
	let mut out = Codes::new();
	quantise(engine, &x, x.len(), scheme, multipliers.as_deref(), &mut out).unwrap();
	let scale = ("scale", Values::F32(out.scales().to_vec()));
	let codes = all_codes(&out);
	Ok(Some(if asymmetric {
		let zero_point = ("zero_point", Values::I8(out.zero_points().to_vec()));
		vec![scale, zero_point, ("codes", Values::I8(bytes(&codes)))]
	} else {
		vec![scale, ("codes", Values::I16(codes))]
	}))
}

/// A table of one row.
fn dequantised(engine: Engine<'_>, case: &Case) -> Result<Option<Outputs>, Error> {
	let ((codes, digits), scales) = (codes(case, "codes")?, [float(case, "scale")?]);
	if codes.is_empty() {
		return Ok(None);
	}
	let table = pack(&codes, digits, codes.len(), &scales, None, None);
	let mut out = vec![0.0; codes.len()];
	table.embed(engine, &[0], &mut out).unwrap();
	Ok(Some(vec![("y", Values::F32(out))]))
}

fn pack(
	codes: &[i16],
	digits: Digits,
	inputs: usize,
	scales: &[f32],
	groups: Option<&[u8]>,
	bias: Option<&[f32]>,
) -> Linear {
	let one_digit = bytes(codes);
	match digits {
		Digits::One => Linear::pack(inputs, &Weights { codes: &one_digit, scales, groups, bias }),
		Digits::Two => Linear::pack(inputs, &Weights { codes, scales, groups, bias }),
	}
	.unwrap()
}

fn linear(engine: Engine<'_>, case: &Case) -> Result<Outputs, Error> {
	let (input, digits) = codes(case, "codes")?;
	let scales = [float(case, "scale")?];
	let input = Codes::from_codes(input.len(), digits, &input, &scales, &[case.one("zero_point")?])
		.unwrap();
	let (weights, digits) = codes(case, "weights")?;
	let scales = case.all("weight_scales")?;
	let (groups, bias) = (case.maybe("groups")?, case.maybe("bias")?);
	let layer = pack(&weights, digits, input.inputs(), scales, groups, bias);
	let mut out = vec![0.0; scales.len()];
	layer.apply(engine, &input, Epilogue::STORE, &mut out).unwrap();
	Ok(vec![("y", Values::F32(out))])
}

/// The keys and values at the end of a sequence that begins where their block does, seen through a
/// window of their number.
fn attention(engine: Engine<'_>, case: &Case) -> Result<Option<Outputs>, Error> {
	let (query, digits) = codes(case, "query")?;
	let (head_dim, channels) = (query.len(), case.one::<u32>("channels")? as usize);
	let value_scales = floats(case, "value_scales")?;
	let count = value_scales.len();
	// A part of a head's channels, nothing visible, or scales that no quantisation gives.
	if head_dim != channels || count == 0 || value_scales.iter().any(|&s| s < 0.0) {
		println!("not an honest whole head: {}", case.name);
		return Ok(None);
	}
	let first = case.one::<u32>("first")? as usize % BLOCK;
	let mut cache = KvCache::new(CacheShape { heads: 1, head_dim, digits }, 600).unwrap();
	let pages: Vec<_> =
		(0..(first + count).div_ceil(BLOCK)).map(|_| cache.allocate().unwrap()).collect();
	let slots: Vec<_> = (first..first + count).map(|t| Slot::of(&pages, t).unwrap()).collect();
	let zeros = vec![0; count];
	let key_scales = floats(case, "key_scales")?;
	let keys =
		Codes::from_codes(head_dim, digits, &codes(case, "keys")?.0, &key_scales, &zeros).unwrap();
	let (values, _) = codes(case, "values")?;
	let values = Codes::from_codes(head_dim, Digits::One, &values, &value_scales, &zeros).unwrap();
	cache.append(engine, 0, &keys, &values, &slots).unwrap();

	let scales = [float(case, "query_scale")?];
	let queries = Codes::from_codes(head_dim, digits, &query, &scales, &[0]).unwrap();
	let mask = Mask::Window(count);
	let attention = Attention { heads: 1, key_heads: 1, first_head: 0, mask, constant: 1.0 };
	let length = first + count;
	let sequence = Sequence { pages: &pages, first: length - 1, queries: 1, length };
	let mut out = vec![0.0; head_dim];
	attend(engine, &attention, &cache, &queries, &[sequence], &mut out).unwrap();
	Ok(Some(vec![("y", Values::F32(out))]))
}
