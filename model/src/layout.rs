//! Where each copy of each tensor lies in the file of weights.

use std::collections::BTreeSet;

use assay_programs::{Element, Program, Tensor, TensorId};
use safetensors::Dtype;

use crate::WeightsFault;

/// The places of all copies in a file of weights, and the header that tells them.
#[derive(Clone, Debug)]
pub struct Layout {
	/// One per table entry; copies follow each other.
	starts: Vec<u64>,
	header: Vec<u8>,
	bytes: u64,
}

/// The format's name of an element type.
pub(crate) const fn dtype(element: Element) -> Dtype {
	match element {
		Element::F32 => Dtype::F32,
		Element::I8 => Dtype::I8,
		Element::I16 => Dtype::I16,
		Element::U8 => Dtype::U8,
	}
}

/// The name of one copy: `*` in the entry's name stands for the copy's number.
pub(crate) fn copy_name(name: &str, copy: u16) -> String {
	name.replacen('*', &copy.to_string(), 1)
}

/// That each entry of the program's table has a name of its own.
pub(crate) fn check_names(program: &Program, names: &[&str]) -> Result<(), WeightsFault> {
	let wrong = |reason| Err(WeightsFault::Names { reason });
	if names.len() != program.tensors.len() {
		let (found, expected) = (names.len(), program.tensors.len());
		return wrong(format!("{found} names for {expected} tensors"));
	}
	let mut seen = BTreeSet::new();
	for (name, tensor) in names.iter().zip(&program.tensors) {
		let stars = name.matches('*').count();
		if stars > 1 || (stars == 0 && tensor.copies > 1) {
			return wrong(format!("`{name}` has {stars} stars for {} copies", tensor.copies));
		}
		if !seen.insert(name) {
			return wrong(format!("`{name}` is there twice"));
		}
	}
	Ok(())
}

impl Layout {
	/// The layout for a program's table under these names.
	///
	/// Data lies in order of falling element size and, within it, in the table's order, so that every
	/// element is aligned, which some readers of the format demand.
	///
	/// # Errors
	/// If there are more or fewer names than tensors, a name twice, or one without `*` for several
	/// copies.
	pub fn new(program: &Program, names: &[&str]) -> Result<Self, WeightsFault> {
		check_names(program, names)?;
		let mut order: Vec<usize> = (0..names.len()).collect();
		order.sort_by_key(|&entry| std::cmp::Reverse(program.tensors[entry].element.bytes()));
		let mut starts = vec![0; names.len()];
		let (mut end, mut entries) = (0, Vec::new());
		for entry in order {
			let tensor = &program.tensors[entry];
			starts[entry] = end;
			for copy in 0..tensor.copies {
				let next = end + tensor.copy_bytes();
				entries.push(header_entry(&copy_name(names[entry], copy), tensor, (end, next)));
				end = next;
			}
		}
		let mut header = format!("{{{}}}", entries.join(",")).into_bytes();
		// The data starts at a multiple of eight.
		header.resize(header.len().next_multiple_of(8), b' ');
		let data = 8 + header.len() as u64;
		let length = (header.len() as u64).to_le_bytes();
		starts.iter_mut().for_each(|start| *start += data);
		Ok(Self { starts, header: [&length[..], &header].concat(), bytes: data + end })
	}

	/// The file's first bytes, up to the data.
	pub fn header(&self) -> &[u8] {
		&self.header
	}

	/// Size of the file.
	pub const fn bytes(&self) -> u64 {
		self.bytes
	}

	/// First byte of copy 0 of an entry of the table; the copies follow each other.
	pub fn start(&self, tensor: TensorId) -> Option<u64> {
		self.starts.get(usize::from(tensor.0)).copied()
	}
}

fn header_entry(name: &str, tensor: &Tensor, (start, end): (u64, u64)) -> String {
	// A JSON string and numbers; the enum's name is its text.
	let name = serde_json::Value::from(name);
	let Tensor { rows, columns, element, .. } = tensor;
	let dtype = dtype(*element);
	format!(
		r#"{name}:{{"dtype":"{dtype}","shape":[{rows},{columns}],"data_offsets":[{start},{end}]}}"#
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn names_of_copies() {
		assert_eq!(copy_name("layers.*.gain", 12), "layers.12.gain");
		assert_eq!(copy_name("words", 0), "words");
	}
}
