//! That a source has what a plan reads, and nothing that it does not understand.

use std::{collections::BTreeSet, path::Path};

use crate::{
	plan::{copy_name, Plan, Recipe},
	quantise::{is_quantised, matrix_tensor, scale_name, scales},
	source::Checkpoint,
	ImportError, TensorFault,
};

/// Why codes are not taken for codes.
const UNDECLARED: &str = "and config.json has no quantization_config that says how; take the \
	config.json that came with the weights";

/// Checks names, shapes and element types of everything that will be read, so that a mistake shows
/// before hours of work and not after. `declared`: whether the configuration says how the weights are
/// quantised.
pub(crate) fn check(
	plan: &Plan,
	checkpoint: &Checkpoint,
	architecture: &str,
	declared: bool,
) -> Result<(), ImportError> {
	let mut read = BTreeSet::new();
	for (entry, tensor) in plan.entries.iter().zip(&plan.program.tensors) {
		for copy in 0..tensor.copies {
			match &entry.recipe {
				Recipe::Codes(id) => {
					let matrix = plan.matrix(*id);
					let name = copy_name(&matrix.source, copy);
					let tensor = matrix_tensor(checkpoint, matrix, &name)?;
					if is_quantised(checkpoint, &name) {
						if !declared {
							return Err(tensor.fault(TensorFault::Quantised { reason: UNDECLARED }));
						}
						scales(checkpoint, matrix, &name)?;
						read.insert(scale_name(&name));
					}
					read.insert(name);
				}
				Recipe::Vector(vector) => {
					let name = copy_name(&vector.source, copy);
					checkpoint.floats(&name, &[vector.length as usize])?;
					read.insert(name);
				}
				Recipe::Scales | Recipe::Groups | Recipe::Multipliers(_) => {}
			}
		}
	}
	match checkpoint.names().find(|name| !read.contains(*name) && !(plan.ignored)(name)) {
		None => Ok(()),
		Some(name) => {
			let fault = TensorFault::Unexpected { architecture: architecture.into() };
			Err(ImportError::tensor(checkpoint.path_of(name), name, fault))
		}
	}
}

/// Checks that the chain would admit the program.
pub(crate) fn admit(plan: &Plan, config: &Path) -> Result<(), ImportError> {
	plan.program
		.validate()
		.map_err(|fault| ImportError::NotAdmitted { path: config.to_path_buf(), fault })
}
