//! What each subcommand does.

use crate::{
	chain_spec,
	cli::{Cli, Subcommand},
	database, hardware, preflight, service,
};
use sc_cli::{CliConfiguration, Runner, SharedParams, SubstrateCli};
use sc_service::{Configuration, PartialComponents};

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
		Some(Subcommand::ExportChainSpec(cmd)) => {
			let mut spec = cli.load_spec(&cmd.chain)?;
			if cmd.raw {
				freeze(&cmd.chain, spec.as_mut())?;
			}
			cmd.run(spec)
		}
		Some(Subcommand::ChainSpecTemplate(cmd)) => {
			println!("{}", chain_spec::template(cmd.preset)?);
			Ok(())
		}
		#[allow(deprecated, reason = "tools still call it; export-chain-spec replaces it")]
		Some(Subcommand::BuildSpec(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|mut config| {
				if cmd.raw {
					freeze(&chain_of(&cmd.shared_params), config.chain_spec.as_mut())?;
				}
				cmd.run(config.chain_spec, config.network)
			})
		}
		Some(Subcommand::PurgeChain(cmd)) => {
			let runner = cli.create_runner(cmd)?;
			runner.sync_run(|config| cmd.run(config.database))
		}
		Some(Subcommand::CheckBlock(cmd)) => runner(&cli, cmd)?.async_run(|mut config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				open(&cmd.shared_params, &mut config)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ImportBlocks(cmd)) => runner(&cli, cmd)?.async_run(|mut config| {
			let PartialComponents { client, task_manager, import_queue, .. } =
				open(&cmd.shared_params, &mut config)?;
			Ok((cmd.run(client, import_queue), task_manager))
		}),
		Some(Subcommand::ExportBlocks(cmd)) => runner(&cli, cmd)?.async_run(|mut config| {
			let PartialComponents { client, task_manager, .. } =
				open(&cmd.shared_params, &mut config)?;
			Ok((cmd.run(client, config.database), task_manager))
		}),
		Some(Subcommand::ExportState(cmd)) => runner(&cli, cmd)?.async_run(|mut config| {
			let PartialComponents { client, task_manager, .. } =
				open(&cmd.shared_params, &mut config)?;
			Ok((cmd.run(client, config.chain_spec), task_manager))
		}),
		Some(Subcommand::Revert(cmd)) => runner(&cli, cmd)?.async_run(|mut config| {
			let PartialComponents { client, backend, task_manager, .. } =
				open(&cmd.shared_params, &mut config)?;
			// Consensus keeps notes of its own about the blocks that go.
			let revert_consensus = Box::new(|client: std::sync::Arc<_>, backend, blocks| {
				sc_consensus_babe::revert(std::sync::Arc::clone(&client), backend, blocks)?;
				sc_consensus_grandpa::revert(client, blocks)?;
				Ok(())
			});
			Ok((cmd.run(client, backend, Some(revert_consensus)), task_manager))
		}),
		Some(Subcommand::ProbeDatabase(cmd)) => {
			let finding = serde_json::to_string(&database::probe(&cmd.path))
				.map_err(|error| error.to_string())?;
			println!("{finding}");
			Ok(())
		}
	}
}

/// What `--chain` names, or `--dev` in its place.
fn chain_of(params: &SharedParams) -> String {
	params.chain_id(params.is_dev())
}

/// Builds the genesis of a spec that is about to be written for good; a network that begins with
/// it could not be mended.
fn freeze(chain: &str, spec: &mut dyn sc_service::ChainSpec) -> sc_cli::Result<()> {
	let genesis = chain_spec::genesis::build(chain_spec::shown(chain), spec)?;
	spec.set_storage(genesis);
	Ok(())
}

/// The runner of a command that keeps files. The SDK writes the network key while it makes one, so the
/// base path is looked at before.
fn runner(cli: &Cli, command: &impl CliConfiguration) -> sc_cli::Result<Runner<Cli>> {
	preflight::base_path(command.shared_params())?;
	cli.create_runner(command)
}

/// Checks what a subcommand works on, and opens it.
fn open(params: &SharedParams, config: &mut Configuration) -> sc_cli::Result<service::Partial> {
	let existing = preflight::chain_data(&chain_of(params), config)?;
	Ok(service::new_partial(config, existing.as_ref())?)
}

fn run_node(cli: &Cli) -> sc_cli::Result<()> {
	let mut runner = runner(cli, &cli.run)?;
	let chain = chain_of(&cli.run.shared_params);
	let existing = preflight::node(cli, &chain, runner.config_mut())?;
	let measure_hardware = !cli.no_hardware_benchmarks;
	let storage_monitor = cli.storage_monitor.clone();
	runner.run_node_until_exit(|config| async move {
		if measure_hardware {
			hardware::warn_if_too_slow(&config);
		}
		let database_path = config.database.path().map(ToOwned::to_owned);
		let task_manager = service::new_full(config, existing.as_ref())?;
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
