//! `quantization_config`: checkpoints whose weights are codes already.

use serde_json::Value;

use super::Config;
use crate::ImportError;

/// Refuses a quantised checkpoint whose codes cannot be taken as they are.
///
/// What can: compressed-tensors of format `int-quantized` with symmetric 8-bit weights, one scale per
/// row, and activations that are quantised while running or not at all.
pub(crate) fn check_quantisation(config: &Config) -> Result<(), ImportError> {
	let Some(quantisation) = config.peek("quantization_config") else { return Ok(()) };
	let refuse = |key: &str, found: Option<&Value>, expected: &str| {
		let option = format!("quantization_config.{key}");
		Err(config.refuse(&option, found.unwrap_or(&Value::Null), expected))
	};
	let only = |value: &Value, path: &str, key: &str, admitted: &[Value]| {
		let found = value.get(key);
		if admitted.contains(found.unwrap_or(&Value::Null)) {
			return Ok(());
		}
		let admitted: Vec<_> = admitted.iter().map(ToString::to_string).collect();
		let expected = format!("only {} can be imported", admitted.join(" or "));
		refuse(&format!("{path}{key}"), found, &expected)
	};
	only(quantisation, "", "quant_method", &["compressed-tensors".into()])?;
	only(quantisation, "", "format", &["int-quantized".into()])?;
	only(quantisation, "", "kv_cache_scheme", &[Value::Null])?;
	let Some(groups) = quantisation.get("config_groups").and_then(Value::as_object) else {
		return refuse("config_groups", None, "an object is expected");
	};
	for (name, group) in groups {
		let path = format!("config_groups.{name}.weights.");
		let weights = group.get("weights").unwrap_or(&Value::Null);
		only(weights, &path, "num_bits", &[8.into()])?;
		only(weights, &path, "type", &["int".into()])?;
		only(weights, &path, "symmetric", &[true.into()])?;
		only(weights, &path, "strategy", &["channel".into()])?;
		only(weights, &path, "dynamic", &[false.into(), Value::Null])?;
		only(weights, &path, "actorder", &[false.into(), Value::Null])?;
		let Some(activations) = group.get("input_activations").filter(|one| !one.is_null()) else {
			continue;
		};
		let path = format!("config_groups.{name}.input_activations.");
		only(activations, &path, "num_bits", &[8.into()])?;
		only(activations, &path, "type", &["int".into()])?;
		only(activations, &path, "symmetric", &[true.into()])?;
		only(activations, &path, "strategy", &["token".into()])?;
		only(activations, &path, "dynamic", &[true.into()])?;
	}
	Ok(())
}
