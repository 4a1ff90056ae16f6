//! Chat templates give the prompts that Jinja2 gives; see chat/expected.py.

#![allow(clippy::unwrap_used, reason = "a failed `unwrap` in a test is a failed test")]

use std::{fs, path::Path};

use assay_engine::chat::{Chat, ChatTemplate};

#[test]
fn prompts_are_those_of_jinja2() {
	let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/chat");
	let config = br#"{"bos_token": "<s>", "eos_token": "</s>"}"#;
	let mut compared = 0;
	for entry in fs::read_dir(folder).unwrap() {
		let case = entry.unwrap().path();
		if !case.is_dir() {
			continue;
		}
		let read = |name: &str| fs::read_to_string(case.join(name)).unwrap();
		let template = ChatTemplate::read(Some(config), Some(&read("template.jinja")));
		let chat = Chat::from_json(read("chat.json").as_bytes()).unwrap();
		let prompt = template.unwrap().unwrap().render(&chat);
		assert_eq!(prompt.as_deref(), Ok(read("prompt.txt").as_str()), "{}", case.display());
		compared += 1;
	}
	assert_eq!(compared, 5);
}
