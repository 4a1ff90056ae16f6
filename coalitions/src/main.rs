//! Prints the page of the coalitions.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
	io::stdout().write_all(assay_coalitions::page::page().as_bytes())
}
