//! Golden vectors on the operations of this crate, with which a machine proves them before it serves.
//!
//! Operands are read as a loader reads them, through CANON. Operations that exist only as a part of
//! others (statistics apart from their elements, records of single blocks) are skipped; the vectors of
//! whole programs, which [`Cpu`](crate::backend::Cpu) replays as every backend does, run through them.

use assay_kernels_exact::{
	activation::Activation, attention::BLOCK, float::canon, linear::Weights, quantise::Digits,
	rope::Pairing,
};
use assay_kernels_vectors::{Case, Error, Outputs, Values};

use crate::{
	attention::{attend, Attention, CacheShape, KvCache, Mask, PageId, Sequence, Slot},
	elementwise,
	linear::{Epilogue, Linear},
	pool::mean_pool,
	quantise::{quantise, Scheme},
	rope::{rotate, Angles},
	Codes, Engine,
};

/// What became of a case.
#[derive(Clone, Debug)]
pub enum Replay {
	/// Its outputs, as far as this crate's operation has them.
	Outputs(Outputs),
	/// It cannot be replayed, for this reason.
	Skipped(&'static str),
}

/// Why most cases are skipped that are.
const FUSED: &str = "no operation of its own here";
/// Rows without elements are refused here.
const EMPTY: &str = "a row without elements";
/// The definition takes any operands; attention here works on a cache that quantised rows were
/// written to.
const NO_HEAD: &str = "not whole heads in a cache";

/// Computes the outputs of a case of a single operation.
///
/// # Errors
/// An operand that is missing or of another type, or a shape that the operation refuses.
pub fn replay(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let replaced = |name: &'static str, first: &str, f: &dyn Fn(&mut [f32])| {
		let mut x = floats(case, first)?;
		f(&mut x);
		Ok(Replay::Outputs(vec![(name, Values::F32(x))]))
	};
	match case.op.as_str() {
		"scale" => {
			let factor = float(case, "factor")?;
			replaced("y", "x", &|x| elementwise::scale(engine, x, factor))
		}
		"softcap" => {
			let cap = float(case, "cap")?;
			replaced("y", "x", &|x| elementwise::softcap(engine, cap, x))
		}
		"activate" => {
			let kind = activation(case)?;
			replaced("y", "x", &|x| elementwise::activate(engine, kind, x))
		}
		"add" | "mul" | "gated" | "embedding_sum" => pairs(engine, case).map(Replay::Outputs),
		"mean_pool" => {
			let (x, columns) = (floats(case, "x")?, case.one::<u32>("columns")? as usize);
			let mut out = vec![0.0; columns];
			let positions = [x.len() / columns.max(1)];
			checked(case, mean_pool(engine, &x, columns, &positions, &mut out))?;
			Ok(Replay::Outputs(vec![("y", Values::F32(out))]))
		}
		"rope_rotate" => rope(engine, case).map(Replay::Outputs),
		"quantise_symmetric" | "quantise_asymmetric" => quantised(engine, case),
		"dequantise" => dequantised(engine, case),
		"linear" => linear(engine, case).map(Replay::Outputs),
		"attention" => attention(engine, case),
		_ => Ok(Replay::Skipped(FUSED)),
	}
}

fn checked<T>(case: &Case, result: Result<T, crate::Error>) -> Result<T, Error> {
	result.map_err(|error| Error { line: case.line, reason: error.to_string() })
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

/// Codes of one digit as bytes.
fn bytes(codes: impl IntoIterator<Item = i16>) -> Vec<i8> {
	codes.into_iter().map(|code| code as i8).collect()
}

/// The member of an enumeration that an operand names by its number.
fn one_of<T: Copy>(case: &Case, name: &str, members: &[T]) -> Result<T, Error> {
	let number = case.one::<u8>(name)?;
	members.get(usize::from(number)).copied().ok_or_else(|| Error {
		line: case.line,
		reason: format!("input '{name}' has no meaning for {number}"),
	})
}

fn activation(case: &Case) -> Result<Activation, Error> {
	use Activation::{Gelu, GeluTanh, Relu, Silu, Tanh};
	one_of(case, "activation", &[Relu, Silu, Gelu, GeluTanh, Tanh])
}

/// Operations on corresponding elements of several operands.
fn pairs(engine: Engine<'_>, case: &Case) -> Result<Outputs, Error> {
	let (name, first) = match case.op.as_str() {
		"gated" => ("y", "gate"),
		"embedding_sum" => ("y", "word"),
		_ => ("z", "x"),
	};
	let mut x = floats(case, first)?;
	let done = match case.op.as_str() {
		"add" => elementwise::add(engine, &mut x, &floats(case, "y")?),
		"mul" => elementwise::mul(engine, &mut x, &floats(case, "y")?),
		"gated" => elementwise::gated(engine, activation(case)?, &mut x, &floats(case, "up")?),
		_ => {
			let (position, kind) = (floats(case, "position")?, floats(case, "kind")?);
			elementwise::embedding_sum(engine, &mut x, &position, &kind)
		}
	};
	checked(case, done)?;
	Ok(vec![(name, Values::F32(x))])
}

fn rope(engine: Engine<'_>, case: &Case) -> Result<Outputs, Error> {
	let pairing = one_of(case, "pairing", &[Pairing::Halves, Pairing::Interleaved])?;
	let mut head = floats(case, "head")?;
	let mut angles = Angles::new();
	angles.fill(engine, case.all("phases")?, &[case.one("position")?]);
	let d = head.len();
	checked(case, rotate(engine, &mut head, d, d, &angles, pairing))?;
	Ok(vec![("y", Values::F32(head))])
}

fn quantised(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let x = floats(case, "x")?;
	if x.is_empty() {
		return Ok(Replay::Skipped(EMPTY));
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
	checked(case, quantise(engine, &x, x.len(), scheme, multipliers.as_deref(), &mut out))?;
	let scale = ("scale", Values::F32(out.scales().to_vec()));
	Ok(Replay::Outputs(if asymmetric {
		let zero_point = ("zero_point", Values::I8(out.zero_points().to_vec()));
		vec![scale, zero_point, ("codes", Values::I8(bytes(out.row(0))))]
	} else {
		vec![scale, ("codes", Values::I16(out.row(0).collect()))]
	}))
}

/// A table of one row.
fn dequantised(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let ((codes, digits), scales) = (codes(case, "codes")?, [float(case, "scale")?]);
	if codes.is_empty() {
		return Ok(Replay::Skipped(EMPTY));
	}
	let table = pack(case, &codes, digits, codes.len(), &scales, None, None)?;
	let mut out = vec![0.0; codes.len()];
	checked(case, table.embed(engine, &[0], &mut out))?;
	Ok(Replay::Outputs(vec![("y", Values::F32(out))]))
}

fn pack(
	case: &Case,
	codes: &[i16],
	digits: Digits,
	inputs: usize,
	scales: &[f32],
	groups: Option<&[u8]>,
	bias: Option<&[f32]>,
) -> Result<Linear, Error> {
	let packed = match digits {
		Digits::One => {
			let codes = &bytes(codes.iter().copied());
			Linear::pack(inputs, &Weights { codes, scales, groups, bias })
		}
		Digits::Two => Linear::pack(inputs, &Weights { codes, scales, groups, bias }),
	};
	checked(case, packed)
}

/// Rows of codes as a case states them.
fn rows(
	case: &Case,
	inputs: usize,
	(codes, digits): (Vec<i16>, Digits),
	scales: &[f32],
	zero_points: &[i8],
) -> Result<Codes, Error> {
	checked(case, Codes::from_codes(inputs, digits, &codes, scales, zero_points))
}

fn linear(engine: Engine<'_>, case: &Case) -> Result<Outputs, Error> {
	let input = codes(case, "codes")?;
	let inputs = input.0.len();
	let input = rows(case, inputs, input, &[float(case, "scale")?], &[case.one("zero_point")?])?;
	let (weights, digits) = codes(case, "weights")?;
	let scales = case.all("weight_scales")?;
	let (groups, bias) = (case.maybe("groups")?, case.maybe("bias")?);
	let layer = pack(case, &weights, digits, inputs, scales, groups, bias)?;
	let mut out = vec![0.0; scales.len()];
	checked(case, layer.apply(engine, &input, Epilogue::STORE, &mut out))?;
	Ok(vec![("y", Values::F32(out))])
}

/// The keys and values at the end of a sequence that begins where their block does, seen through a
/// window of their number.
fn attention(engine: Engine<'_>, case: &Case) -> Result<Replay, Error> {
	let query = codes(case, "query")?;
	let (head_dim, channels) = (query.0.len(), case.one::<u32>("channels")? as usize);
	let value_scales = floats(case, "value_scales")?;
	let count = value_scales.len();
	// A part of a head's channels, nothing visible, or scales that no quantisation gives.
	if head_dim != channels || count == 0 || value_scales.iter().any(|&s| s < 0.0) {
		return Ok(Replay::Skipped(NO_HEAD));
	}
	let first = case.one::<u32>("first")? as usize % BLOCK;
	let pages = (first + count).div_ceil(BLOCK);
	let shape = CacheShape { heads: 1, head_dim, digits: query.1 };
	let mut cache = checked(case, KvCache::new(shape, pages))?;
	let pages: Vec<PageId> = (0..pages).map_while(|_| cache.allocate()).collect();
	let slots: Result<Vec<_>, _> = (first..first + count).map(|t| Slot::of(&pages, t)).collect();
	let zeros = vec![0; count];
	let keys = rows(case, head_dim, codes(case, "keys")?, &floats(case, "key_scales")?, &zeros)?;
	let values = rows(case, head_dim, codes(case, "values")?, &value_scales, &zeros)?;
	checked(case, cache.append(engine, 0, &keys, &values, &checked(case, slots)?))?;

	let queries = rows(case, head_dim, query, &[float(case, "query_scale")?], &[0])?;
	let mask = Mask::Window(count);
	let attention = Attention { heads: 1, key_heads: 1, first_head: 0, mask, constant: 1.0 };
	let length = first + count;
	let sequence = Sequence { pages: &pages, first: length - 1, queries: 1, length };
	let mut out = vec![0.0; head_dim];
	checked(case, attend(engine, &attention, &cache, &queries, &[sequence], &mut out))?;
	Ok(Replay::Outputs(vec![("y", Values::F32(out))]))
}
