//! Whole texts, which need no cache before or after their pass.

use assay_kernels_backend::BackendError;

use super::{
	batch::Part,
	cache::{Caches, Pages},
	pass::{run, Model, Space, Watcher},
	store::Store,
};
use crate::Engine;

/// Takes texts through the program together, each position an output where the program has outputs.
/// Their pages are there only meanwhile. Returns the result's rows.
pub(super) fn run_texts<'s, W: Store>(
	engine: Engine<'_>,
	model: &Model<W>,
	caches: &mut Caches,
	space: &'s mut Space,
	texts: &[&[u32]],
	watcher: Option<&mut Watcher<'_>>,
) -> Result<&'s [f32], BackendError> {
	let mut pages = vec![caches.no_pages(); texts.len()];
	let rows = run_in(&mut pages, engine, model, caches, space, texts, watcher);
	for pages in &mut pages {
		caches.truncate(pages, 0);
	}
	rows
}

fn run_in<'s, W: Store>(
	pages: &mut [Pages],
	engine: Engine<'_>,
	model: &Model<W>,
	caches: &mut Caches,
	space: &'s mut Space,
	texts: &[&[u32]],
	watcher: Option<&mut Watcher<'_>>,
) -> Result<&'s [f32], BackendError> {
	for (text, pages) in texts.iter().zip(&mut *pages) {
		caches.extend(pages, text.len())?;
	}
	let parts: Vec<Part<'_>> = texts
		.iter()
		.zip(&*pages)
		.enumerate()
		.map(|(chunk, (tokens, pages))| {
			let outputs = tokens.len();
			Part { chunk, first: 0, tokens, outputs, pages }
		})
		.collect();
	run(engine, model, caches, space, &parts, watcher)
}
