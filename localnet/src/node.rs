//! One running node: how it is started, reached, stopped and started again.

use std::{
	fs::{self, File, OpenOptions},
	io::{Read, Write},
	net::{SocketAddr, TcpStream},
	path::{Path, PathBuf},
	process::{Command, Stdio},
	time::Duration,
};

use anyhow::{bail, Context, Result};

use crate::{
	log,
	process::Process,
	rpc::Rpc,
	wait::{self, Probe},
};

/// How long a node may take from its start to its first RPC answer. It compiles the Wasm runtime
/// first, which takes long where several nodes start on few cores.
const START_LIMIT: Duration = Duration::from_secs(120);
/// How long a node may take to stop after `SIGTERM`.
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// How long the metrics may take.
const HTTP_LIMIT: Duration = Duration::from_secs(20);

/// What a node writes to its log before the address of its RPC server.
const RPC_ANNOUNCEMENT: &str = "Running JSON-RPC server: addr=";
/// What a node writes to its log before the address of its metrics.
const PROMETHEUS_ANNOUNCEMENT: &str = "Prometheus exporter started at ";

/// How to start a node.
///
/// Every server of the node binds a port that the operating system chooses, on loopback; the
/// node's log tells which one. So nodes of tests that run at the same time never compete for a
/// port.
#[derive(Clone)]
pub struct NodeConfig {
	name: String,
	binary: PathBuf,
	folder: PathBuf,
	arguments: Vec<String>,
	bootnodes: Vec<String>,
	telemetry: Option<String>,
	own_base_path: bool,
}

impl NodeConfig {
	/// A node with its files in `folder`, which is made if it does not exist.
	pub fn new(name: &str, binary: &Path, folder: &Path) -> Self {
		Self {
			name: name.to_owned(),
			binary: binary.to_owned(),
			folder: folder.to_owned(),
			arguments: Vec::new(),
			bootnodes: Vec::new(),
			telemetry: None,
			own_base_path: false,
		}
	}

	/// Lets the node choose its base path, as `--dev` does. Its temporary folders come into
	/// [`NodeConfig::temporary_folder`].
	pub fn own_base_path(mut self) -> Self {
		self.own_base_path = true;
		self
	}

	/// Adds arguments of the node's command line.
	pub fn arguments<I: Into<String>>(mut self, arguments: impl IntoIterator<Item = I>) -> Self {
		self.arguments.extend(arguments.into_iter().map(Into::into));
		self
	}

	/// Replaces the peers that the node dials first (multiaddresses with a peer id).
	pub fn bootnodes(mut self, bootnodes: Vec<String>) -> Self {
		self.bootnodes = bootnodes;
		self
	}

	/// Lets the node report to the telemetry server at this WebSocket URL. Without it the node
	/// reports to nobody.
	pub fn telemetry(mut self, url: &str) -> Self {
		self.telemetry = Some(url.to_owned());
		self
	}

	/// Starts the node and waits until its RPC server answers.
	///
	/// Errors quote the end of the log.
	pub async fn start(self) -> Result<Node> {
		fs::create_dir_all(&self.folder)
			.with_context(|| format!("cannot make the folder {}", self.folder.display()))?;
		let log = OpenOptions::new()
			.create(true)
			.append(true)
			.open(self.log_path())
			.with_context(|| format!("cannot write {}", self.log_path().display()))?;
		let log_start = log.metadata().context("cannot read the size of a log")?.len();
		let process = Process::spawn(&mut self.command(log)?)?;

		let mut starting = Starting { config: self, process, log_start };
		match starting.until_rpc_answers().await {
			Ok((rpc, rpc_url)) => Ok(Node {
				rpc,
				rpc_url,
				config: starting.config,
				log_start,
				process: Some(starting.process),
			}),
			Err(error) => bail!(
				"node {} did not start: {error:#}; the end of {}:\n{}",
				starting.config.name,
				starting.config.log_path().display(),
				log::tail(&starting.config.log_path()),
			),
		}
	}

	fn log_path(&self) -> PathBuf {
		self.folder.join("node.log")
	}

	fn base_path(&self) -> PathBuf {
		self.folder.join("data")
	}

	/// The folder for temporary folders of a node that chooses its base path.
	pub fn temporary_folder(&self) -> PathBuf {
		self.folder.join("tmp")
	}

	fn command(&self, log: File) -> Result<Command> {
		let mut command = Command::new(&self.binary);
		command.args(["--name", &self.name]);
		if self.own_base_path {
			let folder = self.temporary_folder();
			fs::create_dir_all(&folder)
				.with_context(|| format!("cannot make the folder {}", folder.display()))?;
			command.env("TMPDIR", folder);
		} else {
			command.arg("--base-path").arg(self.base_path());
		}
		command
			.args(["--listen-addr", "/ip4/127.0.0.1/tcp/0"])
			.args(["--rpc-port", "0", "--prometheus-port", "0"])
			// Networks of the same chain on one machine would find each other and become one, with
			// each validator twice.
			.arg("--no-mdns")
			.args(&self.arguments)
			.stdout(Stdio::from(log.try_clone().context("cannot share a log file")?))
			.stderr(Stdio::from(log));
		match &self.telemetry {
			// What everybody may know: verbosity 0.
			Some(url) => command.args(["--telemetry-url", &format!("{url} 0")]),
			None => command.arg("--no-telemetry"),
		};
		for bootnode in &self.bootnodes {
			command.args(["--bootnodes", bootnode]);
		}
		Ok(command)
	}
}

/// A node between its start and its first RPC answer.
struct Starting {
	config: NodeConfig,
	process: Process,
	/// Where in the log this start begins; the log grows over restarts.
	log_start: u64,
}

impl Starting {
	async fn until_rpc_answers(&mut self) -> Result<(Rpc, String)> {
		// An exit ends the wait at once: it is the answer of the wait, not an error of a look.
		let outcome = wait::until("the RPC server answers", START_LIMIT, async || {
			if let Some(status) = self.process.ended()? {
				return Ok(Probe::Holds(Err(status)));
			}
			let log = self.config.log_path();
			let Some(address) = log::announced(&log, self.log_start, RPC_ANNOUNCEMENT) else {
				return Ok(Probe::NotYet("no RPC address in the log".into()));
			};
			let url = format!("ws://{address}");
			let rpc = Rpc::connect(&url).await?;
			rpc.version().await?;
			Ok(Probe::Holds(Ok((rpc, url))))
		})
		.await?;
		match outcome {
			Ok(connected) => Ok(connected),
			Err(status) => bail!("it ended ({status}) before its RPC server answered"),
		}
	}
}

/// A started node. Dropping it kills the process.
pub struct Node {
	config: NodeConfig,
	/// `None` after [`Node::kill`] and [`Node::stop`].
	process: Option<Process>,
	rpc: Rpc,
	rpc_url: String,
	log_start: u64,
}

impl Node {
	/// The name that the node was given.
	pub fn name(&self) -> &str {
		&self.config.name
	}

	/// The connection to the node's RPC server. Calls fail while the node is stopped.
	pub fn rpc(&self) -> &Rpc {
		&self.rpc
	}

	/// WebSocket URL of the node's RPC server.
	pub fn rpc_url(&self) -> &str {
		&self.rpc_url
	}

	/// URL of the node's metrics, once the log tells it.
	pub fn metrics_url(&self) -> Option<String> {
		self.metrics_address().map(|address| format!("http://{address}/metrics"))
	}

	/// The node's metrics in Prometheus' text format, after the head of the HTTP answer.
	pub async fn metrics(&self) -> Result<String> {
		let address = self
			.metrics_address()
			.with_context(|| format!("node {} serves no metrics", self.name()))?;
		tokio::task::spawn_blocking(move || http_get(address, "/metrics"))
			.await
			.context("the request was interrupted")?
			.with_context(|| format!("cannot read http://{address}/metrics"))
	}

	fn metrics_address(&self) -> Option<SocketAddr> {
		log::announced(&self.config.log_path(), self.log_start, PROMETHEUS_ANNOUNCEMENT)
	}

	/// The file with everything that the node wrote, over all its restarts.
	pub fn log_path(&self) -> PathBuf {
		self.config.log_path()
	}

	/// The folder with the node's database and keystore.
	pub fn base_path(&self) -> PathBuf {
		self.config.base_path()
	}

	/// The end of the log, for error messages.
	pub fn log_tail(&self) -> String {
		log::tail(&self.log_path())
	}

	/// The multiaddress on which other nodes of this machine reach the node.
	pub async fn p2p_address(&self) -> Result<String> {
		let addresses = self.rpc.listen_addresses().await?;
		addresses
			.iter()
			.find(|address| address.starts_with("/ip4/127.0.0.1/tcp/"))
			.cloned()
			.with_context(|| {
				format!("node {} does not listen on loopback: {addresses:?}", self.name())
			})
	}

	/// Fails if the process has ended by itself, with the end of its log.
	pub fn ensure_running(&mut self) -> Result<()> {
		let Some(process) = &mut self.process else { return Ok(()) };
		if let Some(status) = process.ended()? {
			bail!("node {} ended by itself ({status}):\n{}", self.name(), self.log_tail());
		}
		Ok(())
	}

	/// Kills the process with `SIGKILL`, as a power cut would.
	pub fn kill(&mut self) {
		self.process = None;
	}

	/// Asks the process to stop (`SIGTERM`) and waits for it; kills it when that takes too long.
	///
	/// Errors when the process had to be killed or reports a failure. A node that was killed
	/// before is left alone.
	pub async fn stop(&mut self) -> Result<()> {
		let Some(mut process) = self.process.take() else { return Ok(()) };
		let status = process
			.terminate(STOP_LIMIT)
			.await
			.with_context(|| format!("node {} does not stop; it was killed", self.name()))?;
		if !status.success() {
			bail!("node {} ended with {status}:\n{}", self.name(), self.log_tail());
		}
		Ok(())
	}

	/// Starts the node again on the same folder, with the given bootnodes.
	///
	/// Its ports change; a process that still runs is killed first.
	pub async fn restart(&mut self, bootnodes: Vec<String>) -> Result<()> {
		self.kill();
		*self = self.config.clone().bootnodes(bootnodes).start().await?;
		Ok(())
	}
}

/// The whole answer to an HTTP request.
fn http_get(address: SocketAddr, path: &str) -> std::io::Result<String> {
	let mut stream = TcpStream::connect_timeout(&address, HTTP_LIMIT)?;
	stream.set_read_timeout(Some(HTTP_LIMIT))?;
	write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
	let mut answer = String::new();
	stream.read_to_string(&mut answer)?;
	Ok(answer)
}

#[cfg(test)]
mod tests {
	use super::*;

	#[tokio::test]
	async fn should_quote_the_log_when_the_program_ends_at_once() -> Result<()> {
		let folder = tempfile::tempdir()?;
		// `cat` does not know the options of a node, says so and ends.
		let config = NodeConfig::new("broken", Path::new("cat"), folder.path());
		let error = config.start().await.err().context("cat is not a node")?;
		let message = format!("{error:#}");
		assert!(message.contains("node broken did not start"), "{message}");
		assert!(message.contains("option"), "{message}");
		Ok(())
	}
}
