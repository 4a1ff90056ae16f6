//! Cases: reading them from a file's text, checking outputs, writing the file anew.

use alloc::{
	format,
	string::{String, ToString},
	vec::Vec,
};

use crate::{error::Error, values::Values, Element};

/// First line of every file.
const HEADER: &str = "assay-vectors 1";

/// One input of a case.
#[derive(Clone, Debug)]
pub struct Field {
	/// Name of the operand.
	pub name: String,
	/// Its elements.
	pub values: Values,
}

/// One operation on stated inputs.
#[derive(Clone, Debug)]
pub struct Case {
	/// Line of the file that opens the case, from 1.
	pub line: usize,
	/// The operation.
	pub op: String,
	/// What is special about the inputs.
	pub name: String,
	/// Inputs.
	pub inputs: Vec<Field>,
	/// Outputs as the file states them: name, type and text.
	pub outputs: Vec<String>,
}

impl Case {
	/// The elements of input `name`, if the case has it.
	///
	/// # Errors
	/// When the input is of another type.
	pub fn maybe<T: Element>(&self, name: &str) -> Result<Option<&[T]>, Error> {
		let Some(values) = self.values(name) else { return Ok(None) };
		let other = || {
			let found = values.type_name();
			Error::new(self.line, format!("input '{name}' is {found}, expected {}", T::NAME))
		};
		T::elements(values).map(Some).ok_or_else(other)
	}

	/// The elements of input `name`.
	///
	/// # Errors
	/// When the input is missing or of another type.
	pub fn all<T: Element>(&self, name: &str) -> Result<&[T], Error> {
		let missing = || Error::new(self.line, format!("input '{name}' is missing"));
		self.maybe(name)?.ok_or_else(missing)
	}

	/// The only element of input `name`.
	///
	/// # Errors
	/// When the input is missing, of another type, or not one element.
	pub fn one<T: Element>(&self, name: &str) -> Result<T, Error> {
		match self.all(name)? {
			[one] => Ok(*one),
			_ => Err(Error::new(self.line, format!("input '{name}' must be one element"))),
		}
	}

	/// The values of input `name`, whatever their type.
	pub fn values(&self, name: &str) -> Option<&Values> {
		self.inputs.iter().find(|field| field.name == name).map(|field| &field.values)
	}

	/// Compares computed outputs with the stated ones, byte for byte.
	///
	/// # Errors
	/// The first output that differs.
	pub fn check(&self, outputs: &[(&str, Values)]) -> Result<(), Error> {
		let Self { line, op, name, .. } = self;
		if outputs.len() != self.outputs.len() {
			let (got, stated) = (outputs.len(), self.outputs.len());
			let reason = format!("{op} {name}: {got} outputs computed, {stated} stated");
			return Err(Error::new(*line, reason));
		}
		outputs.iter().zip(&self.outputs).try_for_each(|(output, stated)| self.same(output, stated))
	}

	fn same(&self, output: &(&str, Values), stated: &str) -> Result<(), Error> {
		let Self { line, op, name, .. } = self;
		let got = output_line(output);
		if got == stated {
			return Ok(());
		}
		let reason = format!("{op} {name}: computed '{got}', stated '{stated}'");
		Err(Error::new(*line, reason))
	}
}

/// The line that states an output.
fn output_line((name, values): &(&str, Values)) -> String {
	format!("out {name} {} {}", values.type_name(), values.output_text()).trim_end().to_string()
}

/// All cases of a file's text.
///
/// # Errors
/// The first line that does not follow the format.
pub fn cases(text: &str) -> Result<Vec<Case>, Error> {
	let mut cases: Vec<Case> = Vec::new();
	let mut header = false;
	for (line, content) in (1..).zip(text.lines()) {
		if content.is_empty() || content.starts_with('#') {
			continue;
		}
		if !header {
			if content != HEADER {
				return Err(Error::new(line, format!("the first line must be '{HEADER}'")));
			}
			header = true;
			continue;
		}
		read_line(line, content, &mut cases)?;
	}
	Ok(cases)
}

fn read_line(line: usize, content: &str, cases: &mut Vec<Case>) -> Result<(), Error> {
	let mut words = content.splitn(4, ' ');
	let mut word = || words.next().unwrap_or("");
	let (keyword, first, second, rest) = (word(), word(), word(), word());
	match (keyword, cases.last_mut()) {
		("case", _) if !first.is_empty() && !second.is_empty() && rest.is_empty() => {
			cases.push(Case {
				line,
				op: first.to_string(),
				name: second.to_string(),
				inputs: Vec::new(),
				outputs: Vec::new(),
			});
		}
		("in", Some(case)) if case.outputs.is_empty() => {
			if case.values(first).is_some() {
				return Err(Error::new(line, format!("input '{first}' is stated twice")));
			}
			let values = Values::parse(second, rest).map_err(|reason| Error::new(line, reason))?;
			case.inputs.push(Field { name: first.to_string(), values });
		}
		("out", Some(case)) => case.outputs.push(content.to_string()),
		_ => return Err(Error::new(line, format!("'{keyword}' is not expected here"))),
	}
	Ok(())
}

/// The file's text with the outputs of every case computed anew; everything else stays.
///
/// # Errors
/// The first line that does not follow the format, or a case that the operation refuses.
pub fn refreshed(text: &str) -> Result<String, Error> {
	let mut pending = cases(text)?.into_iter().peekable();
	let mut lines: Vec<String> = Vec::new();
	// Outputs follow the last input of the open case.
	let mut insert_at = 0;
	let mut outputs: Vec<String> = Vec::new();
	for (line, content) in (1..).zip(text.lines()) {
		if content.starts_with("out ") {
			continue;
		}
		if let Some(case) = pending.next_if(|case| case.line == line) {
			lines.splice(insert_at..insert_at, outputs.drain(..));
			outputs = crate::run(&case)?.iter().map(output_line).collect();
		}
		lines.push(content.to_string());
		if content.starts_with("in ") || content.starts_with("case ") {
			insert_at = lines.len();
		}
	}
	lines.splice(insert_at..insert_at, outputs);
	Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
	use super::*;

	const STALE: &str = "assay-vectors 1\n# why\n\ncase add one\nin x f32 3f800000\n\
		in y f32 3f800000\nout z f32 00000000\n\ncase key two\nin x f32 3f800000\n";

	#[test]
	fn refreshing_computes_outputs_and_keeps_the_rest() {
		let fresh = refreshed(STALE).unwrap();
		let expected = STALE.replace("z f32 00000000", "z f32 40000000");
		assert_eq!(fresh, expected + "out key u32 3212836864\n");
		assert_eq!(refreshed(&fresh).unwrap(), fresh);
		assert_eq!(crate::replay(&fresh), Ok(2));
	}

	#[test]
	fn a_stale_output_is_named() {
		let error = crate::replay(STALE).unwrap_err();
		assert_eq!(error.line, 4);
		assert!(error.reason.contains("add one"), "{error}");
	}

	#[test]
	fn every_output_is_compared_and_none_may_be_missing() {
		let text = "assay-vectors 1\ncase quantise_asymmetric one\nout scale f32 3f800000\n\
			out zero_point i8 3\n";
		let case = &cases(text).unwrap()[0];
		let scale = |value: f32| ("scale", Values::F32(alloc::vec![value]));
		let zero_point = |value: i8| ("zero_point", Values::I8(alloc::vec![value]));
		assert!(case.check(&[scale(1.0), zero_point(3)]).is_ok());
		assert!(case.check(&[scale(1.0), zero_point(4)]).is_err());
		assert!(case.check(&[scale(-1.0), zero_point(3)]).is_err());
		assert!(case.check(&[scale(1.0)]).is_err());
		assert!(case.check(&[]).is_err());
	}

	#[test]
	fn malformed_files_are_refused_with_their_line() {
		for (text, line) in [
			("case add one", 1),
			("assay-vectors 2", 1),
			("assay-vectors 1\nin x f32 3f800000", 2),
			("assay-vectors 1\ncase add", 2),
			("assay-vectors 1\ncase add one\nin x f32 zz", 3),
			("assay-vectors 1\ncase add one\nin x u8 1\nin x u8 1", 4),
			("assay-vectors 1\ncase add one\nout z u8 1\nin x u8 1", 4),
			("assay-vectors 1\ncase nothing one", 2),
			("assay-vectors 1\ncase add one\nin x u8 1", 2),
		] {
			assert_eq!(crate::replay(text).unwrap_err().line, line, "{text}");
		}
	}
}
