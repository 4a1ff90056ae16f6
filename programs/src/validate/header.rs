//! Checks of what a program says about itself.

use assay_kernels_exact::NUMERICS_VERSION;

use crate::{
	fault::Reason,
	limits::{MAX_POSITIONS, MAX_STOP_IDS, MAX_VOCABULARY},
	program::{Kind, Program},
};

impl Program {
	pub(super) fn check_header(&self) -> Result<(), Reason> {
		if self.numerics_version != NUMERICS_VERSION {
			return Err(Reason::NumericsVersion { found: self.numerics_version });
		}
		if !(1..=MAX_VOCABULARY).contains(&self.vocabulary) {
			return Err(Reason::Vocabulary { found: self.vocabulary });
		}
		if !(1..=MAX_POSITIONS).contains(&self.max_positions) {
			return Err(Reason::MaxPositions { found: self.max_positions });
		}
		match &self.kind {
			Kind::Generate { stop_ids } => self.check_stop_ids(stop_ids),
			Kind::Embed => Ok(()),
		}
	}

	fn check_stop_ids(&self, ids: &[u32]) -> Result<(), Reason> {
		if !(1..=MAX_STOP_IDS).contains(&ids.len()) {
			return Err(Reason::StopIdCount { found: ids.len() });
		}
		for pair in ids.windows(2) {
			if let [first, second] = *pair {
				if first >= second {
					return Err(Reason::StopIdOrder { first, second });
				}
			}
		}
		match ids.iter().find(|&&id| id >= self.vocabulary) {
			Some(&id) => Err(Reason::StopIdRange { id, vocabulary: self.vocabulary }),
			None => Ok(()),
		}
	}
}
