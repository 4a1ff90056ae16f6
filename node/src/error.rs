//! How a failure reaches the person who started the node: one line with the cause and the fix.

use std::{error::Error, path::Path};

/// `error` and its causes as one line. A cause that its parent already quotes is not repeated.
pub(crate) fn one_line(error: &sc_cli::Error) -> String {
	if let sc_cli::Error::NetworkKeyNotFound(path) = error {
		return missing_network_key(path);
	}
	let mut line = without_json(&error.to_string()).to_owned();
	// What kind of error it is in the SDK tells the reader nothing.
	while let Some(rest) =
		["Invalid input: ", "Other: "].iter().find_map(|kind| line.strip_prefix(kind))
	{
		line = rest.to_owned();
	}
	let mut cause: Option<&dyn Error> = error.source();
	while let Some(error) = cause {
		let text = error.to_string();
		let text = without_json(&text);
		if !line.contains(text) {
			line = format!("{line}: {text}");
		}
		cause = error.source();
	}
	line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An error of the SDK's genesis builder without the whole genesis that it quotes at its end.
pub(crate) fn without_json(text: &str) -> &str {
	text.split_once(" for blob:").map_or(text, |(cause, _)| cause)
}

/// `text` as one word of a shell, for commands that a message advises.
pub(crate) fn shell_word(text: &str) -> String {
	let is_plain =
		|character: char| character.is_ascii_alphanumeric() || "_-./:=,+@%".contains(character);
	if !text.is_empty() && text.chars().all(is_plain) {
		return text.to_owned();
	}
	format!("'{}'", text.replace('\'', r"'\''"))
}

/// A path as one word of a shell.
pub(crate) fn shell_path(path: &Path) -> String {
	shell_word(&path.display().to_string())
}

fn missing_network_key(path: &Path) -> String {
	let make_folder = match path.parent() {
		// The command writes the file, and makes no folder for it.
		Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
			format!("mkdir -p {} && ", shell_path(folder))
		}
		_ => String::new(),
	};
	format!(
		"no network key at {}: other validators find this node by it, so make it once with \
		 `{make_folder}assay-node key generate-node-key --file {}`",
		path.display(),
		shell_path(path),
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn many_lines_should_become_one() {
		let error = sc_cli::Error::Input("a\n\t b".into());
		assert_eq!(one_line(&error), "a b");
	}

	#[test]
	fn a_quoted_genesis_should_be_left_out() {
		let error = sc_cli::Error::Input("unknown field `x` for blob:\n{\"a\": 1}".into());
		assert_eq!(one_line(&error), "unknown field `x`");
	}

	#[test]
	fn a_missing_network_key_should_come_with_the_command_that_makes_it() {
		let error = sc_cli::Error::NetworkKeyNotFound("/no/such/network/secret_ed25519".into());
		let line = one_line(&error);
		let command = "`mkdir -p /no/such/network && assay-node key generate-node-key --file \
		               /no/such/network/secret_ed25519`";
		assert!(line.contains(command), "{line}");
		assert!(!line.contains('\n'));

		let folder = tempfile::tempdir().unwrap();
		let line = missing_network_key(&folder.path().join("key"));
		assert!(!line.contains("mkdir"), "{line}");
		assert!(!missing_network_key(Path::new("key")).contains("mkdir"));
	}

	#[test]
	fn advised_commands_should_survive_odd_names() {
		assert_eq!(shell_word("/var/lib/assay-1.0"), "/var/lib/assay-1.0");
		assert_eq!(shell_word("my node"), "'my node'");
		assert_eq!(shell_word("it's"), r"'it'\''s'");
		assert_eq!(shell_word(""), "''");
	}
}
