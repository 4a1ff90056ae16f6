//! `model show`: what a model directory holds.

use std::fmt::{self, Display};

use assay_model::{Kind, Manifest, Model, RunCost};
use assay_programs::{
	tensor::{Element, Tensor},
	Program,
};
use serde::Serialize;

use super::quality;
use crate::{cli::ShowArgs, console, status::Failure};

/// The JSON result.
#[derive(Serialize)]
struct Report<'m> {
	manifest: &'m Manifest,
	program: Shape,
	#[serde(skip_serializing_if = "Option::is_none")]
	tensors: Option<Vec<TensorReport<'m>>>,
}

/// A program in numbers.
#[derive(Serialize)]
struct Shape {
	vocabulary: u32,
	max_positions: u32,
	/// Operations of one run, repetitions counted.
	operations: usize,
	/// Bytes of the encoding.
	program_bytes: usize,
	/// Bytes of all tensors.
	weight_bytes: u64,
}

/// An entry of the table of tensors.
#[derive(Serialize)]
struct TensorReport<'m> {
	name: &'m str,
	element: &'static str,
	rows: u32,
	columns: u32,
	copies: u16,
	bytes: u64,
}

pub(super) fn run(args: &ShowArgs) -> Result<(), Failure> {
	let model = Model::open(&args.model)?;
	let program = shape(&model.program);
	let tensors = args.tensors.then(|| tensors(&model));
	if args.json {
		return console::json(&Report { manifest: &model.manifest, program, tensors });
	}
	let mut page = of_manifest(&model.manifest);
	page.add("vocabulary", format!("{} tokens", program.vocabulary));
	page.add("context", format!("{} positions", program.max_positions));
	page.add(
		"program",
		format!("{} operations, {} bytes", program.operations, program.program_bytes),
	);
	page.add("weights", bytes(program.weight_bytes));
	for tensor in tensors.iter().flatten() {
		let TensorReport { name, element, rows, columns, copies, bytes: size } = tensor;
		let size = bytes(*size);
		page.add("tensor", format!("{name}: {copies} x {element} [{rows}, {columns}], {size}"));
	}
	console::write(&page.to_string())
}

/// What a manifest tells, for people.
pub(super) fn of_manifest(manifest: &Manifest) -> Page {
	let mut page = Page::default();
	page.add("architecture", &manifest.architecture);
	page.add(
		"kind",
		match manifest.kind {
			Kind::Generate => "generates tokens",
			Kind::Embed => "embeds texts",
		},
	);
	page.add("profile", &manifest.profile);
	page.add(
		"smoothing",
		match &manifest.smoothing {
			Some(smoothing) => format!("{} %", smoothing.percent),
			None => "none".to_owned(),
		},
	);
	page.add("numerics", format!("version {}", manifest.numerics_version));
	page.add("program hash", manifest.program_hash);
	page.add("weights root", manifest.weights_root);
	page.add("tokenizer hash", manifest.tokenizer_hash);
	if !manifest.stop_ids.is_empty() {
		let ids: Vec<String> = manifest.stop_ids.iter().map(u32::to_string).collect();
		page.add("stop ids", ids.join(", "));
	}
	let revision = manifest.source.revision.as_deref().unwrap_or("no revision given");
	page.add("source, as claimed", format!("{} ({revision})", manifest.source.name));
	for note in &manifest.notes {
		page.add("note", note);
	}
	match &manifest.quality {
		Some(quality) => {
			quality::lines(quality)
				.into_iter()
				.for_each(|line| page.add("quality, as claimed", line));
		}
		None => page.add("quality", "not measured"),
	}
	for cost in &manifest.costs {
		page.add("cost", price(cost));
	}
	page
}

fn price(cost: &RunCost) -> String {
	let units = cost.compute_units_millionths;
	let tokens = u64::from(cost.input_tokens) + u64::from(cost.output_tokens);
	let lengths = match cost.output_tokens {
		0 => format!("{} tokens in", cost.input_tokens),
		output => format!("{} tokens in, {output} out", cost.input_tokens),
	};
	let per_thousand = (u128::from(units) * 1000).checked_div(tokens.into()).unwrap_or_default();
	format!(
		"{lengths}: {} CU, {} CU per 1000 tokens",
		millionths(units.into()),
		millionths(per_thousand)
	)
}

fn millionths(units: u128) -> String {
	format!("{}.{:06}", units / 1_000_000, units % 1_000_000)
}

fn shape(program: &Program) -> Shape {
	Shape {
		vocabulary: program.vocabulary,
		max_positions: program.max_positions,
		operations: program.steps().count(),
		program_bytes: program.to_bytes().len(),
		weight_bytes: program.tensors.iter().map(Tensor::total_bytes).sum(),
	}
}

fn tensors(model: &Model) -> Vec<TensorReport<'_>> {
	let entry = |(name, tensor): (_, &Tensor)| TensorReport {
		name,
		element: match tensor.element {
			Element::F32 => "f32",
			Element::I8 => "i8",
			Element::I16 => "i16",
			Element::U8 => "u8",
		},
		rows: tensor.rows,
		columns: tensor.columns,
		copies: tensor.copies,
		bytes: tensor.total_bytes(),
	};
	model.manifest.names().into_iter().zip(&model.program.tensors).map(entry).collect()
}

/// A size for people.
fn bytes(size: u64) -> String {
	const UNITS: [(&str, u64); 3] = [("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)];
	match UNITS.iter().find(|(_, unit)| size >= *unit) {
		Some((name, unit)) => format!("{}.{} {name}", size / unit, size % unit * 10 / unit),
		None => format!("{size} bytes"),
	}
}

/// Lines of a label and a text.
#[derive(Default)]
pub(super) struct Page(Vec<(&'static str, String)>);

impl Page {
	fn add(&mut self, label: &'static str, text: impl Display) {
		self.0.push((label, text.to_string()));
	}
}

impl Display for Page {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		self.0.iter().try_for_each(|(label, text)| writeln!(f, "{label:<20} {text}"))
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn sizes_are_readable() {
		assert_eq!(bytes(999), "999 bytes");
		assert_eq!(bytes(1000), "1.0 kB");
		assert_eq!(bytes(1_190_000_000), "1.1 GB");
	}

	#[test]
	fn prices_are_exact() {
		let cost = RunCost {
			input_tokens: 16,
			output_tokens: 0,
			compute_units_millionths: 1_000_002,
			layer_products: 0,
			attention_products: 0,
			elements: 0,
			trace_bytes: 0,
			output_bytes: 0,
		};
		assert_eq!(price(&cost), "16 tokens in: 1.000002 CU, 62.500125 CU per 1000 tokens");
	}
}
