//! What each subcommand does.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	hardware, preflight, service,
};
use sc_cli::SubstrateCli;
use sc_service::PartialComponents;

impl SubstrateCli for Cli {
	fn impl_name() -> String {
		"Assay Node".into()
	}

	fn impl_version() -> String {
		env!("SUBSTRATE_CLI_IMPL_VERSION").into()
	}

	fn description() -> String {
		env!("CARGO_PKG_DESCRIPTION").into()
	}

	fn author() -> String {
		"the Assay developers".into()
	}

	fn support_url() -> String {
		"the issue tracker of the repository that this node was built from".into()
	}

	fn executable_name() -> String {
		"assay-node".into()
	}

	fn copyright_start_year() -> i32 {
		2026
	}

	fn load_spec(&self, id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
		Ok(Box::new(chain_spec::load(id)?.spec))
	}
}

/// Parses the command line and does what it says.
pub(crate) fn run() -> sc_cli::Result<()> {
	let cli = Cli::from_args();
	match &cli.subcommand {
		None => run_node(&cli),
		Some(Subcommand::Key(cmd)) => cmd.run(&cli),
		Some(Subcommand::ExportChainSpec(cmd)) => cmd.run(cli.load_spec(&cmd.chain)?),
		Some(Subcommand::ChainSpecTemplate(cmd)) => {
			println!("{}", chain_spec::template(cmd.preset)?);
			Ok(())
		}
		#[allow(deprecated, reason = "tools still call it; export-chain-spec replaces it")]
		Some(Subcommand::BuildSpec(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run(config.chain_spec, config.network))
		}
		Some(Subcommand::PurgeChain(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run(config.database))
		}
		Some(Subcommand::CheckBlock(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				service::new_partial(&config)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ImportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				service::new_partial(&config)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ExportBlocks(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, .. } = service::new_partial(&config)?;
			Ok((cmd.run(client, config.database), task_manager))
		}),
		Some(Subcommand::ExportState(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, task_manager, .. } = service::new_partial(&config)?;
			Ok((cmd.run(client, config.chain_spec), task_manager))
		}),
		Some(Subcommand::Revert(cmd)) => cli.create_runner(cmd)?.async_run(|config| {
			let PartialComponents { client, backend, task_manager, .. } =
				service::new_partial(&config)?;
			// Consensus keeps notes of its own about the blocks that go.
			let revert_consensus = Box::new(|client: std::sync::Arc<_>, backend, blocks| {
				sc_consensus_babe::revert(std::sync::Arc::clone(&client), backend, blocks)?;
				sc_consensus_grandpa::revert(client, blocks)?;
				Ok(())
			});
			Ok((cmd.run(client, backend, Some(revert_consensus)), task_manager))
		}),
	}
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
	let runner = cli.create_runner(&cli.run)?;
	preflight::check(cli, runner.config())?;
	let measure_hardware = !cli.no_hardware_benchmarks;
	let storage_monitor = cli.storage_monitor.clone();
	runner.run_node_until_exit(|config| async move {
		if measure_hardware {
			hardware::warn_if_too_slow(&config);
		}
		let database_path = config.database.path().map(ToOwned::to_owned);
		let task_manager = service::new_full(config)?;
		if let Some(path) = database_path {
			sc_storage_monitor::StorageMonitorService::try_spawn(
				storage_monitor,
				path,
				&task_manager.spawn_essential_handle(),
			)
			.map_err(|error| sc_cli::Error::Application(error.into()))?;
		}
		Ok(task_manager)
	})
}
