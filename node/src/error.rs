//! How a failure reaches the person who started the node: one line with the cause and the fix.

use std::error::Error;

/// `error` and its causes as one line. A cause that its parent already quotes is not repeated.
pub(crate) fn one_line(error: &sc_cli::Error) -> String {
	if let sc_cli::Error::NetworkKeyNotFound(path) = error {
		return format!(
			"no network key at {}: other validators find this node by it, so make it once with \
			 `assay-node key generate-node-key --file {}`",
			path.display(),
			path.display(),
		);
	}
	let mut line = error.to_string();
	// What kind of error it is in the SDK tells the reader nothing.
	while let Some(rest) =
		["Invalid input: ", "Other: "].iter().find_map(|kind| line.strip_prefix(kind))
	{
		line = rest.to_owned();
	}
	let mut cause: Option<&dyn Error> = error.source();
	while let Some(error) = cause {
		let text = error.to_string();
		if !line.contains(&text) {
			line = format!("{line}: {text}");
		}
		cause = error.source();
	}
	line.split_whitespace().collect::<Vec<_>>().join(" ")
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
	fn a_missing_network_key_should_come_with_the_command_that_makes_it() {
		let error = sc_cli::Error::NetworkKeyNotFound("/data/network/secret_ed25519".into());
		let line = one_line(&error);
		assert!(
			line.contains("key generate-node-key --file /data/network/secret_ed25519"),
			"{line}"
		);
		assert!(!line.contains('\n'));
	}
}
