//! Reading `weights.safetensors`.

use std::path::Path;

use assay_kernels_backend::{Piece, WeightError, WeightSource};
use assay_programs::{Program, TensorId};

use crate::{
	hashing::CHUNK,
	header::{usize_of, SafetensorsFile, TensorPlace},
	layout::{check_names, copy_name, dtype},
	ModelError, WeightsFault, WeightsTree,
};

/// A file of weights that has everything that a program reads, and nothing else.
#[derive(Debug)]
pub struct WeightsFile {
	file: SafetensorsFile,
	/// First byte and size of each copy of each entry of the table.
	places: Vec<Vec<(u64, u64)>>,
}

impl WeightsFile {
	/// Opens the weights of `program`, whose table has these names.
	///
	/// # Errors
	/// If the file is damaged in form, or its tensors are not those of the program.
	pub fn open(path: &Path, program: &Program, names: &[&str]) -> Result<Self, ModelError> {
		let fault = |fault| ModelError::weights(path, fault);
		check_names(program, names).map_err(fault)?;
		let file = SafetensorsFile::open(path)?;
		let mut unread = file.tensors().clone();
		let mut places = Vec::with_capacity(names.len());
		for (name, tensor) in names.iter().zip(&program.tensors) {
			let mut copies = Vec::with_capacity(tensor.copies.into());
			for copy in 0..tensor.copies {
				let tensor_name = copy_name(name, copy);
				let Some(place) = unread.remove(&tensor_name) else {
					return Err(fault(WeightsFault::Missing { tensor: tensor_name }));
				};
				let expected = [tensor.rows as usize, tensor.columns as usize];
				let TensorPlace { dtype: element, shape, start, bytes } = &place;
				if *element != dtype(tensor.element) || *shape != expected {
					let expected = format!("{:?} of {}", expected, dtype(tensor.element));
					let found = format!("{shape:?} of {element}");
					return Err(fault(WeightsFault::Form { tensor: tensor_name, expected, found }));
				}
				copies.push((*start, *bytes));
			}
			places.push(copies);
		}
		if let Some((tensor, _)) = unread.pop_first() {
			return Err(fault(WeightsFault::Unknown { tensor }));
		}
		Ok(Self { file, places })
	}

	/// The root over all weights and the hash of each entry of the table, from the file's bytes.
	/// `progress` is told after each piece how many bytes were read.
	///
	/// # Errors
	/// If the file cannot be read.
	pub fn root(
		&self,
		program: &Program,
		mut progress: impl FnMut(u64),
	) -> Result<WeightsTree, ModelError> {
		let mut tree = WeightsTree::default();
		let mut chunk = vec![0; CHUNK];
		for (tensor, copies) in program.tensors.iter().zip(&self.places) {
			for &(start, bytes) in copies {
				let mut read = 0;
				while read < bytes {
					let size = usize_of(bytes - read).min(CHUNK);
					self.file.read_at(start + read, &mut chunk[..size])?;
					tree.push(tensor, &chunk[..size]);
					read += size as u64;
					progress(size as u64);
				}
				tree.end_copy();
			}
			tree.end_entry();
		}
		Ok(tree)
	}
}

impl WeightSource for WeightsFile {
	fn read(&self, tensor: TensorId, copy: u16, out: &mut [u8]) -> Result<(), WeightError> {
		self.read_piece(tensor, copy, Piece { start: 0, of: out.len() as u64 }, out)
	}

	fn read_piece(
		&self,
		tensor: TensorId,
		copy: u16,
		piece: Piece,
		out: &mut [u8],
	) -> Result<(), WeightError> {
		let place =
			self.places.get(usize::from(tensor.0)).and_then(|copies| copies.get(usize::from(copy)));
		let &(start, found) = place.ok_or(WeightError::Missing { tensor, copy })?;
		let end = piece.start.saturating_add(out.len() as u64);
		if found != piece.of || end > found {
			return Err(WeightError::Size { tensor, copy, expected: piece.of, found });
		}
		let read = self.file.read_at(start + piece.start, out);
		read.map_err(|source| WeightError::Read { tensor, copy, source: Box::new(source) })
	}
}
