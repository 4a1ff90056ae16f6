//! Whether a model fits the memory that there is.

use assay_kernels_backend::Memory;

use crate::status::{Failure, Status};

/// Bytes of a MiB.
const MIB: u64 = 1 << 20;

/// Refuses a model that needs more memory than is available, before any of it is taken.
///
/// `tokens` says that the caller may ask for fewer tokens.
pub(crate) fn check(needed: &Memory, tokens: bool) -> Result<(), Failure> {
	match available() {
		Ok(available) => fits(needed, available, tokens),
		Err(reason) => {
			tracing::warn!("whether the model fits the memory is not checked: {reason}");
			Ok(())
		}
	}
}

fn fits(needed: &Memory, available: u64, tokens: bool) -> Result<(), Failure> {
	if needed.total() <= available {
		return Ok(());
	}
	let fix = if tokens && needed.total() - needed.cache <= available {
		"lower --max-tokens, shorten the text, or end other programs"
	} else {
		"end other programs, or take a smaller model"
	};
	let reason = format!(
		"the model needs {} MiB of memory (weights {}, keys and values {}, work {}), {} MiB are \
		 available; {fix}",
		needed.total().div_ceil(MIB),
		needed.weights.div_ceil(MIB),
		needed.cache.div_ceil(MIB),
		needed.work.div_ceil(MIB),
		available / MIB,
	);
	Err(Failure::new(Status::Unavailable, reason))
}

/// Bytes that the machine can give without swapping, and this process may take.
#[cfg(target_os = "linux")]
fn available() -> Result<u64, String> {
	let read = |path| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
	let machine = kib(&read("/proc/meminfo")?, "MemAvailable:");
	let machine = machine.ok_or("/proc/meminfo does not tell MemAvailable")?;
	let used = kib(&read("/proc/self/status")?, "VmSize:");
	let used = used.ok_or("/proc/self/status does not tell VmSize")?;
	let limit = address_space(&read("/proc/self/limits")?);
	Ok(limit.map_or(machine, |limit| machine.min(limit.saturating_sub(used))))
}

#[cfg(not(target_os = "linux"))]
fn available() -> Result<u64, String> {
	Err("this system is not asked how much is available".to_owned())
}

/// The value in bytes of a line such as `MemAvailable:   23161636 kB`.
#[cfg(target_os = "linux")]
fn kib(text: &str, name: &str) -> Option<u64> {
	let value = text.lines().find_map(|line| line.strip_prefix(name))?;
	value.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

/// Most bytes of address space by the table of limits, none if they are unlimited.
#[cfg(target_os = "linux")]
fn address_space(limits: &str) -> Option<u64> {
	let values = limits.lines().find_map(|line| line.strip_prefix("Max address space"))?;
	values.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
	use super::*;

	const NEEDED: Memory = Memory { weights: 10 * MIB, cache: 5 * MIB, work: MIB / 2 };

	fn refusal(available: u64, tokens: bool) -> String {
		let failure = fits(&NEEDED, available, tokens).unwrap_err();
		assert_eq!(failure.status(), Status::Unavailable);
		format!("{failure:?}")
	}

	#[test]
	fn a_model_fits_to_the_byte() {
		assert!(fits(&NEEDED, NEEDED.total(), true).is_ok());
		let message = refusal(NEEDED.total() - 1, true);
		let told =
			"needs 16 MiB of memory (weights 10, keys and values 5, work 1), 15 MiB are available";
		assert!(message.contains(told), "{message}");
	}

	#[test]
	fn the_fix_is_one_that_helps() {
		let fewer_tokens = "--max-tokens";
		assert!(refusal(12 * MIB, true).contains(fewer_tokens));
		assert!(!refusal(12 * MIB, false).contains(fewer_tokens));
		// The weights alone are too much.
		assert!(!refusal(9 * MIB, true).contains(fewer_tokens));
		assert!(refusal(9 * MIB, true).contains("smaller model"));
	}

	#[cfg(target_os = "linux")]
	#[test]
	fn the_system_is_read() {
		let meminfo = "MemTotal:       24669680 kB\nMemAvailable:   23161636 kB\nBuffers: 1 kB\n";
		assert_eq!(kib(meminfo, "MemAvailable:"), Some(23_161_636 * 1024));
		assert_eq!(kib(meminfo, "MemFree:"), None);
		let limits =
			|value: &str| {
				format!("Limit    Soft Limit   Hard Limit   Units\nMax address space    {value}  bytes\n")
			};
		assert_eq!(address_space(&limits("512000000   unlimited")), Some(512_000_000));
		assert_eq!(address_space(&limits("unlimited   unlimited")), None);
		let available = available().unwrap();
		assert!(available > 0 && available < 1 << 50, "{available}");
	}
}
