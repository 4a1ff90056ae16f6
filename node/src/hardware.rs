//! Whether this machine can keep up as a validator.

use sc_service::{ChainType, Configuration};
use sc_sysinfo::{Metric, Requirement, Requirements, Throughput};

/// Cores that a validator uses: authoring, import, finality and the network run side by side.
const CORES_MIN: usize = 4;

/// What a validator needs. Weights stand for execution time on reference hardware, so a machine
/// that is slower than that cannot finish a full block in its slot.
fn requirements() -> Requirements {
	let require = |metric, minimum| Requirement { metric, minimum, validator_only: true };
	Requirements(vec![
		require(Metric::Blake2256, Throughput::from_mibs(1_000.0)),
		require(Metric::Blake2256Parallel { num_cores: CORES_MIN }, Throughput::from_mibs(1_000.0)),
		require(Metric::Sr25519Verify, Throughput::from_kibs(600.0)),
		require(Metric::MemCopy, Throughput::from_gibs(10.0)),
		require(Metric::DiskSeqWrite, Throughput::from_mibs(900.0)),
		require(Metric::DiskRndWrite, Throughput::from_mibs(400.0)),
	])
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
	sc_sysinfo::print_hwbench(&measured);
	let Err(failures) = requirements.check_hardware(&measured, true) else {
		return;
	};
	for failure in failures.0 {
		log::warn!(
			"This machine is too slow for a validator: {} {} reaches {}, and {} is needed. Full \
			 blocks may take longer than a slot, so this validator may miss its slots and earn \
			 less; use a faster machine",
			failure.metric.category(),
			failure.metric.name(),
			failure.found,
			failure.expected,
		);
	}
}
