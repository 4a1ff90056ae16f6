//! Keys that act for an account within limits, so that the account's own key can stay offline.

use crate::{units::deposit, Balance, Balances, Runtime, RuntimeCall, RuntimeEvent, System};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
	parameter_types,
	traits::{ConstU32, InstanceFilter},
};
use scale_info::TypeInfo;
use sp_runtime::traits::BlakeTwo256;

parameter_types! {
	/// Deposit of an account with proxies.
	pub const ProxyDepositBase: Balance = deposit(1, 8);
	/// Deposit for each proxy.
	pub const ProxyDepositFactor: Balance = deposit(0, 37);
	/// Deposit of an account with announced calls.
	pub const AnnouncementDepositBase: Balance = deposit(1, 8);
	/// Deposit for each announced call.
	pub const AnnouncementDepositFactor: Balance = deposit(0, 68);
}

/// What a proxy may call.
#[derive(
	Clone,
	Copy,
	Debug,
	Decode,
	DecodeWithMemTracking,
	Default,
	Encode,
	Eq,
	MaxEncodedLen,
	Ord,
	PartialEq,
	PartialOrd,
	TypeInfo,
)]
pub enum ProxyType {
	/// Everything.
	#[default]
	#[codec(index = 0)]
	Any,
	/// Everything that moves no money to others.
	#[codec(index = 1)]
	NonTransfer,
	/// Staking and session keys.
	#[codec(index = 2)]
	Staking,
	/// Proposals and votes.
	#[codec(index = 3)]
	Governance,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
	fn filter(&self, call: &RuntimeCall) -> bool {
		let staking = matches!(
			call,
			RuntimeCall::Staking(..) | RuntimeCall::Session(..) | RuntimeCall::VoterList(..)
		);
		let governance = matches!(
			call,
			RuntimeCall::ConvictionVoting(..)
				| RuntimeCall::Referenda(..)
				| RuntimeCall::TechnicalCommittee(..)
				| RuntimeCall::Preimage(..)
				| RuntimeCall::Treasury(..)
		);
		// A batch's inner calls are filtered one by one when they are dispatched.
		let batch = matches!(call, RuntimeCall::Utility(..));
		match self {
			ProxyType::Any => true,
			// A list of what is allowed, so that a new pallet starts out forbidden.
			ProxyType::NonTransfer => {
				staking
					|| governance || batch
					|| matches!(
						call,
						RuntimeCall::System(..)
							| RuntimeCall::Multisig(..)
							| RuntimeCall::Proxy(pallet_proxy::Call::remove_proxy { .. })
							| RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. })
					)
			}
			ProxyType::Staking => staking || batch,
			ProxyType::Governance => governance || batch,
		}
	}

	fn is_superset(&self, other: &Self) -> bool {
		match (self, other) {
			(a, b) if a == b => true,
			(ProxyType::Any, _) => true,
			(_, ProxyType::Any) => false,
			(ProxyType::NonTransfer, _) => true,
			_ => false,
		}
	}
}

impl pallet_proxy::Config for Runtime {
	type RuntimeEvent = RuntimeEvent;
	type RuntimeCall = RuntimeCall;
	type Currency = Balances;
	type ProxyType = ProxyType;
	type ProxyDepositBase = ProxyDepositBase;
	type ProxyDepositFactor = ProxyDepositFactor;
	type MaxProxies = ConstU32<32>;
	type MaxPending = ConstU32<32>;
	type CallHasher = BlakeTwo256;
	type AnnouncementDepositBase = AnnouncementDepositBase;
	type AnnouncementDepositFactor = AnnouncementDepositFactor;
	type BlockNumberProvider = System;
	type WeightInfo = crate::weights::pallet_proxy::WeightInfo<Runtime>;
}
