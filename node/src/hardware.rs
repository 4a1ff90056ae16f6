//! Whether this machine can keep up as a validator.

use sc_service::{ChainType, Configuration};
use sc_sysinfo::{ExecutionLimit, HwBench, Metric, Requirement, Requirements, Throughput};
use std::time::Duration;

/// Cores that a validator uses: authoring, import, finality and the network run side by side.
const CORES_MIN: usize = 4;

/// How long the check of signatures is measured.
const SIGNATURES_TIME: Duration = Duration::from_millis(200);

/// What a validator needs besides [`signatures_min`]. Weights stand for execution time on reference
/// hardware, so a machine that is slower than that cannot finish a full block in its slot.
fn requirements() -> Requirements {
	let require = |metric, minimum| Requirement { metric, minimum, validator_only: true };
	Requirements(vec![
		require(Metric::Blake2256, Throughput::from_mibs(1_000.0)),
		require(Metric::Blake2256Parallel { num_cores: CORES_MIN }, Throughput::from_mibs(1_000.0)),
		require(Metric::MemCopy, Throughput::from_gibs(10.0)),
		require(Metric::DiskSeqWrite, Throughput::from_mibs(900.0)),
		require(Metric::DiskRndWrite, Throughput::from_mibs(400.0)),
	])
}

/// How fast a validator checks signatures, which the SDK's check of [`Requirements`] passes over:
/// its measurements have no place for it.
fn signatures_min() -> Throughput {
	Throughput::from_kibs(600.0)
}

/// Measures a validator's machine for a few seconds and warns of each thing that is too slow.
/// Development chains are exempt.
pub(crate) fn warn_if_too_slow(config: &Configuration) {
	if !config.role.is_authority() || config.chain_spec.chain_type() == ChainType::Development {
		return;
	}
	log::info!("Measuring processor, memory and disk; --no-hardware-benchmarks leaves this out");
	let requirements = requirements();
	// The disk is measured where the database is going to be.
	let scratch = config.data_path.as_path();
	let scratch = std::fs::create_dir_all(scratch).is_ok().then_some(scratch);
	let measured = sc_sysinfo::gather_hwbench(scratch, &requirements);
	let signatures =
		sc_sysinfo::benchmark_sr25519_verify(ExecutionLimit::MaxDuration(SIGNATURES_TIME));
	sc_sysinfo::print_hwbench(&measured);
	for warning in warnings(&requirements, &measured, signatures) {
		log::warn!("{warning}");
	}
}

/// One warning for each thing that is too slow for a validator.
fn warnings(
	requirements: &Requirements,
	measured: &HwBench,
	signatures: Throughput,
) -> Vec<String> {
	let mut warnings = Vec::new();
	if let Err(failures) = requirements.check_hardware(measured, true) {
		let slow = failures.0.iter();
		warnings.extend(slow.map(|slow| warning(slow.metric, slow.found, slow.expected)));
	}
	if signatures < signatures_min() {
		warnings.push(warning(Metric::Sr25519Verify, signatures, signatures_min()));
	}
	warnings
}

fn warning(metric: Metric, found: Throughput, needed: Throughput) -> String {
	format!(
		"This machine is too slow for a validator: {} {} reaches {found}, and {needed} is needed. \
		 Full blocks may take longer than a slot, so this validator may miss its slots and earn \
		 less; use a faster machine",
		metric.category(),
		metric.name(),
	)
}

#[cfg(test)]
mod tests {
	use super::*;

	/// A machine on which everything runs at this share of what a validator needs.
	fn machine(share: f64) -> (HwBench, Throughput) {
		let of = |needed: Throughput| Throughput::from_kibs(needed.as_kibs() * share);
		let requirements = requirements().0;
		let score = |category: &str, name: &str| {
			let metric = |required: &&Requirement| {
				required.metric.category() == category && required.metric.name() == name
			};
			of(requirements.iter().find(metric).expect("a validator needs it").minimum)
		};
		let measured = HwBench {
			cpu_hashrate_score: score("CPU", "BLAKE2-256"),
			parallel_cpu_hashrate_score: score("CPU", "BLAKE2-256-Parallel-4"),
			parallel_cpu_cores: CORES_MIN,
			memory_memcpy_score: score("Memory", "Copy"),
			disk_sequential_write_score: Some(score("Disk", "Seq Write")),
			disk_random_write_score: Some(score("Disk", "Rnd Write")),
		};
		(measured, of(signatures_min()))
	}

	fn warnings_of((measured, signatures): &(HwBench, Throughput)) -> Vec<String> {
		warnings(&requirements(), measured, *signatures)
	}

	#[test]
	fn should_be_silent_when_the_machine_is_fast_enough() {
		assert_eq!(warnings_of(&machine(1.0)), Vec::<String>::new());
	}

	#[test]
	fn should_name_what_is_slow_by_how_much_and_the_remedy() {
		let (mut slow_disk, signatures) = machine(2.0);
		slow_disk.disk_random_write_score = Some(Throughput::from_mibs(12.0));
		let warnings = warnings_of(&(slow_disk, signatures));
		let [warning] = &warnings[..] else { panic!("not one warning: {warnings:?}") };
		for part in ["Disk Rnd Write", "12.00 MiBs", "400.00 MiBs", "use a faster machine"] {
			assert!(warning.contains(part), "no `{part}` in: {warning}");
		}
	}

	#[test]
	fn should_warn_of_each_slow_thing_once() {
		let warnings = warnings_of(&machine(0.5));
		let slow = [
			"CPU BLAKE2-256 ",
			"CPU BLAKE2-256-Parallel-4 ",
			"CPU SR25519-Verify ",
			"Memory Copy ",
			"Disk Seq Write ",
			"Disk Rnd Write ",
		];
		for name in slow {
			let about = warnings.iter().filter(|warning| warning.contains(name));
			assert_eq!(about.count(), 1, "{name}: {warnings:?}");
		}
		assert_eq!(warnings.len(), slow.len());
	}
}
