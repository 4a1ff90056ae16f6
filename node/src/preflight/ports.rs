//! Whether the ports are free. Without this check the network stack only logs a failed listener,
//! and the node runs on, unreachable.

use sc_network::multiaddr::Protocol;
use sc_service::Configuration;
use std::net::{IpAddr, SocketAddr, TcpListener};

/// Checks every port that the node is told to listen on. Port 0 lets the system choose.
pub(crate) fn check(config: &Configuration) -> Result<(), String> {
	for address in rpc_addresses(config) {
		check_free(address, "JSON-RPC", "--rpc-port")?;
	}
	if let Some(prometheus) = &config.prometheus_config {
		check_free(prometheus.port, "Prometheus", "--prometheus-port or --no-prometheus")?;
	}
	for address in network_addresses(config) {
		check_free(address, "the peer-to-peer network", "--port")?;
	}
	Ok(())
}

fn rpc_addresses(config: &Configuration) -> Vec<SocketAddr> {
	match &config.rpc.addr {
		Some(endpoints) => endpoints
			.iter()
			.filter(|endpoint| !endpoint.is_optional)
			.map(|endpoint| endpoint.listen_addr)
			.collect(),
		None => vec![SocketAddr::from(([127, 0, 0, 1], config.rpc.port))],
	}
}

fn network_addresses(config: &Configuration) -> Vec<SocketAddr> {
	config
		.network
		.listen_addresses
		.iter()
		.filter_map(|address| {
			let mut parts = address.iter();
			let ip = match parts.next()? {
				Protocol::Ip4(ip) => IpAddr::from(ip),
				Protocol::Ip6(ip) => IpAddr::from(ip),
				_ => return None,
			};
			match parts.next()? {
				Protocol::Tcp(port) => Some(SocketAddr::new(ip, port)),
				_ => None,
			}
		})
		// The system may have no IPv6 at all; such an address fails to bind for another reason.
		.filter(SocketAddr::is_ipv4)
		.collect()
}

fn check_free(address: SocketAddr, purpose: &str, flag: &str) -> Result<(), String> {
	if address.port() == 0 {
		return Ok(());
	}
	match TcpListener::bind(address) {
		Ok(_) => Ok(()),
		Err(error) => Err(format!(
			"cannot listen on {address} for {purpose} ({error}): stop the program that uses the \
			 port, or choose another with {flag}"
		)),
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn an_occupied_port_should_be_named_with_the_flag() {
		let listener = TcpListener::bind("127.0.0.1:0").unwrap();
		let address = listener.local_addr().unwrap();
		let error = check_free(address, "JSON-RPC", "--rpc-port").unwrap_err();
		assert!(error.contains(&address.to_string()) && error.contains("--rpc-port"), "{error}");

		drop(listener);
		assert_eq!(check_free(address, "JSON-RPC", "--rpc-port"), Ok(()));
	}

	#[test]
	fn port_zero_should_pass() {
		assert_eq!(check_free("127.0.0.1:0".parse().unwrap(), "JSON-RPC", "--rpc-port"), Ok(()));
	}
}
