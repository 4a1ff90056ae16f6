//! Rotary position embeddings: frequencies and their scaling, in integers.

use assay_kernels_exact::rope::{linear_phases, llama3_phases, phases, Llama3Scaling};
use assay_programs::{op::Pairing, program::Rotation};
use serde_json::{Map, Value};

use crate::{
	source::{fixed_point, integer, Config},
	ImportError,
};

/// Takes the options of the rotation and derives its phases.
///
/// They are either `rope_theta` and `rope_scaling`, or all in `rope_parameters`, as newer
/// configurations have it.
pub(super) fn rotation(config: &mut Config, head_dim: u32) -> Result<Rotation, ImportError> {
	config.only("partial_rotary_factor", &1.into())?;
	config.only("rope_interleaved", &false.into())?;
	let theta = config.take("rope_theta");
	let scaling = config.take("rope_scaling");
	let (option, mut entries) = match (config.take("rope_parameters"), scaling) {
		(Some(Value::Object(entries)), None) => ("rope_parameters", entries),
		(None, Some(Value::Object(entries))) => ("rope_scaling", entries),
		(None, None) => ("rope_scaling", Map::new()),
		(Some(other), _) | (None, Some(other)) => {
			return Err(config.refuse("rope_scaling", &other, "one object is expected"));
		}
	};
	let theta = entries.remove("rope_theta").or(theta).unwrap_or_else(|| 10_000.into());
	let wrong = |expected: &str| config.refuse("rope_theta", &theta, expected);
	let base = integer(&theta).ok_or_else(|| wrong("only integers can be imported"))?;
	let pairs = usize::try_from(head_dim / 2).unwrap_or(usize::MAX);
	let unscaled = phases(base, pairs).map_err(|error| wrong(&error.to_string()))?;
	let phases = scaled(config, option, entries, &unscaled)?;
	Ok(Rotation { phases, pairing: Pairing::Halves })
}

/// The phases after the scaling that `entries` describe.
fn scaled(
	config: &Config,
	option: &str,
	mut entries: Map<String, Value>,
	phases: &[u64],
) -> Result<Vec<u64>, ImportError> {
	let all = Value::from(entries.clone());
	let refuse = |expected: &str| config.refuse(option, &all, expected);
	// Both names mean the same; configurations of different age have one or both.
	let old = entries.remove("type");
	let name = entries.remove("rope_type").or(old).unwrap_or_else(|| "default".into());
	let mut fixed = |key: &str| {
		let value = entries.remove(key).as_ref().and_then(fixed_point);
		let whole = value.filter(|value| *value > 0);
		whole.ok_or_else(|| refuse(&format!("{key} must be a positive multiple of 2^-32")))
	};
	let result = match name.as_str() {
		Some("default") => Ok(phases.to_vec()),
		Some("linear") => Ok(linear_phases(phases, at_least_one(fixed("factor")?, &refuse)?)),
		Some("llama3") => {
			let factor = at_least_one(fixed("factor")?, &refuse)?;
			let (low, high) = (fixed("low_freq_factor")?, fixed("high_freq_factor")?);
			let context = fixed("original_max_position_embeddings")? >> 32;
			let context = u32::try_from(context)
				.map_err(|_| refuse("original_max_position_embeddings is too great"))?;
			llama3_phases(phases, Llama3Scaling { factor, low, high, context })
				.map_err(|error| refuse(&error.to_string()))
		}
		_ => Err(refuse("only the types default, linear and llama3 can be imported")),
	};
	let phases = result?;
	match entries.keys().next() {
		Some(key) => Err(refuse(&format!("{key} is not known"))),
		None => Ok(phases),
	}
}

fn at_least_one(factor: u64, refuse: &impl Fn(&str) -> ImportError) -> Result<u64, ImportError> {
	if factor < 1 << 32 {
		return Err(refuse("factor must be at least 1"));
	}
	Ok(factor)
}
