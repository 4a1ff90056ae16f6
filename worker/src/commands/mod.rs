//! What each subcommand does.

mod fetch;
mod import;
mod infer;
mod quality;
mod selftest;
mod show;
mod verify;

use crate::{
	cli::{Command, FetchCommand, ModelCommand},
	status::Failure,
};

/// Does what the command line asks.
pub(crate) fn run(command: Command) -> Result<(), Failure> {
	match command {
		Command::Model(ModelCommand::Import(args)) => import::run(&args),
		Command::Model(ModelCommand::Show(args)) => show::run(&args),
		Command::Model(ModelCommand::Verify(args)) => verify::run(&args),
		Command::Model(ModelCommand::Quality(args)) => quality::run(&args),
		Command::Model(ModelCommand::Fetch(FetchCommand::Minilm(args))) => fetch::minilm(&args),
		Command::Infer(args) => infer::run(&args),
		Command::Selftest(args) => selftest::run(&args),
	}
}
