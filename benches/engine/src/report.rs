//! What a bench prints: a table, the ratios that matter with their targets, and the same as JSON.

use std::fmt;

use serde_json::{json, Value};

use crate::{cli::Peer, machine::Machine};

/// The result of a bench.
pub(crate) struct Report {
	/// What was measured, in a line.
	pub(crate) title: String,
	/// What it was measured on.
	pub(crate) machine: Machine,
	/// How often.
	pub(crate) rounds: u16,
	/// The figures for people.
	pub(crate) table: Table,
	/// The ratios that have targets.
	pub(crate) targets: Vec<Target>,
	/// What explains the ratios, a line each.
	pub(crate) remarks: Vec<String>,
	/// Peers that were left out.
	pub(crate) not_compared: Vec<Peer>,
	/// The figures for programs: an object.
	pub(crate) figures: Value,
}

impl Report {
	/// Prints the table to standard output, or JSON there and the table to standard error.
	pub(crate) fn print(&self, json: bool) {
		if json {
			eprintln!("{self}");
			println!("{}", self.json());
		} else {
			println!("{self}");
		}
	}

	fn json(&self) -> Value {
		let targets: Vec<Value> = self.targets.iter().map(Target::json).collect();
		let not_compared: Vec<String> = self.not_compared.iter().map(Peer::to_string).collect();
		json!({
			"title": self.title,
			"machine": self.machine,
			"rounds": self.rounds,
			"figures": self.figures,
			"targets": targets,
			"remarks": self.remarks,
			"not_compared": not_compared,
		})
	}
}

impl fmt::Display for Report {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		writeln!(f, "{}", self.title)?;
		writeln!(f, "{}; medians, rounds: {}", self.machine, self.rounds)?;
		writeln!(f, "\n{}", self.table)?;
		let mut targets = Table::new(["ratio", "measured", "target", ""]);
		for target in &self.targets {
			let verdict = if target.is_reached() { "PASS" } else { "below target" };
			let measured = format!("{:.3}", target.ratio);
			targets.push([
				target.what.clone(),
				measured,
				target.bound.to_string(),
				verdict.to_owned(),
			]);
		}
		write!(f, "{targets}")?;
		for remark in &self.remarks {
			write!(f, "\n{remark}")?;
		}
		for peer in &self.not_compared {
			write!(f, "\n*** NOT COMPARED with {peer}: left out by --without {peer} ***")?;
		}
		Ok(())
	}
}

/// A ratio and what it should be.
pub(crate) struct Target {
	/// What is divided by what.
	pub(crate) what: String,
	/// As measured.
	pub(crate) ratio: f64,
	/// As wanted.
	pub(crate) bound: Bound,
}

/// Where a ratio should lie.
#[derive(Clone, Copy)]
pub(crate) enum Bound {
	/// Here or above.
	AtLeast(f64),
	/// Here or below.
	AtMost(f64),
}

impl Target {
	/// Whether the ratio is where it should be; one that is no number is not.
	fn is_reached(&self) -> bool {
		match self.bound {
			Bound::AtLeast(least) => self.ratio >= least,
			Bound::AtMost(most) => self.ratio <= most,
		}
	}

	fn json(&self) -> Value {
		let (least, most) = match self.bound {
			Bound::AtLeast(least) => (Some(least), None),
			Bound::AtMost(most) => (None, Some(most)),
		};
		json!({
			"what": self.what,
			"ratio": self.ratio,
			"at_least": least,
			"at_most": most,
			"reached": self.is_reached(),
		})
	}
}

impl fmt::Display for Bound {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		match self {
			Self::AtLeast(least) => write!(f, "at least {least:.3}"),
			Self::AtMost(most) => write!(f, "at most {most:.3}"),
		}
	}
}

/// Rows of text below a header; the first column begins on the left, the others end on the right.
pub(crate) struct Table {
	rows: Vec<Vec<String>>,
}

impl Table {
	/// A table of these columns.
	pub(crate) fn new<const COLUMNS: usize>(header: [&str; COLUMNS]) -> Self {
		Self { rows: vec![header.map(str::to_owned).into()] }
	}

	/// Adds a row.
	pub(crate) fn push<const COLUMNS: usize>(&mut self, row: [String; COLUMNS]) {
		self.rows.push(row.into());
	}
}

impl fmt::Display for Table {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let cell_width = |row: &Vec<String>, column| {
			row.get(column).map_or(0, |cell: &String| cell.chars().count())
		};
		let width = |column| self.rows.iter().map(|row| cell_width(row, column)).max().unwrap_or(0);
		for row in &self.rows {
			let mut line = String::new();
			for (column, cell) in row.iter().enumerate() {
				line += &match column {
					0 => format!("{cell:<0$}", width(column)),
					_ => format!("   {cell:>0$}", width(column)),
				};
			}
			writeln!(f, "{}", line.trim_end())?;
		}
		Ok(())
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn bounds_include_themselves_and_exclude_what_is_no_number() {
		let target = |ratio, bound| Target { what: String::new(), ratio, bound };
		assert!(target(1.5, Bound::AtLeast(1.5)).is_reached());
		assert!(!target(1.499, Bound::AtLeast(1.5)).is_reached());
		assert!(target(1.15, Bound::AtMost(1.15)).is_reached());
		assert!(!target(1.151, Bound::AtMost(1.15)).is_reached());
		for bound in [Bound::AtLeast(0.0), Bound::AtMost(2.0)] {
			assert!(!target(f64::NAN, bound).is_reached());
		}
	}

	#[test]
	fn columns_are_aligned() {
		let mut table = Table::new(["engine", "t/s"]);
		table.push(["a".to_owned(), "1234.5".to_owned()]);
		assert_eq!(table.to_string(), "engine      t/s\na        1234.5\n");
	}

	#[test]
	fn what_was_left_out_is_said() {
		let report = Report {
			title: "decoder".to_owned(),
			machine: Machine::detect(2),
			rounds: 1,
			table: Table::new(["engine"]),
			targets: Vec::new(),
			remarks: Vec::new(),
			not_compared: vec![Peer::LlamaCpp],
			figures: json!({}),
		};
		assert!(report.to_string().contains("NOT COMPARED with llama.cpp"));
		assert_eq!(report.json()["not_compared"], json!(["llama.cpp"]));
	}
}
