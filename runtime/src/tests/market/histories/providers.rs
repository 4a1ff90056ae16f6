//! Providers, and those who watch them.

use super::{
	super::{deal, dispatch, signed},
	pick,
	world::Done,
};
use crate::{Balance, Runtime};
use assay_market::traits::Offer;
use pallet_providers::Call;
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

#[derive(Clone, Debug)]
pub(super) enum Act {
	RegisterProvider,
	Deregister,
	AddDelegate(usize),
	RemoveDelegate(usize),
	Bond {
		model: usize,
		amount: Balance,
	},
	CollectDebt {
		provider: usize,
		model: usize,
	},
	RequestWithdrawal {
		model: usize,
		amount: Balance,
	},
	CancelWithdrawal(usize),
	Withdraw(usize),
	SetOffer {
		model: usize,
		min_price: Balance,
		multiplier_percent: u16,
		base: u32,
		room: u32,
	},
	WithdrawOffer(usize),
	RefreshOffer {
		provider: usize,
		model: usize,
	},
	SetOnline(bool),
	Heartbeat,
	/// Reports whoever is overdue, and lets the actor come back.
	ReportDowntime(usize),
	ProposeRotation(usize),
	CancelRotation,
	AcceptRotation(usize),
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let index = any::<usize>;
	let multiplier = prop_oneof![8 => 25..=400_u16, 1 => any::<u16>()];
	let base = prop_oneof![8 => 1..60_u32, 1 => any::<u32>()];
	let price = prop_oneof![4 => 0..2_000_u128, 1 => pick::amount()];
	let offer = (index(), price, multiplier, base, 0..20_u32);
	prop_oneof![
		2 => Just(Act::RegisterProvider),
		1 => Just(Act::Deregister),
		1 => (0..12_usize).prop_map(Act::AddDelegate),
		1 => (0..12_usize).prop_map(Act::RemoveDelegate),
		4 => (index(), pick::amount()).prop_map(|(model, amount)| Act::Bond { model, amount }),
		2 => (index(), index()).prop_map(|(provider, model)| Act::CollectDebt { provider, model }),
		3 => (index(), pick::amount())
			.prop_map(|(model, amount)| Act::RequestWithdrawal { model, amount }),
		1 => index().prop_map(Act::CancelWithdrawal),
		3 => index().prop_map(Act::Withdraw),
		4 => offer.prop_map(|(model, min_price, multiplier_percent, base, room)| {
			Act::SetOffer { model, min_price, multiplier_percent, base, room }
		}),
		1 => index().prop_map(Act::WithdrawOffer),
		2 => (index(), index()).prop_map(|(provider, model)| Act::RefreshOffer { provider, model }),
		4 => prop::bool::weighted(0.8).prop_map(Act::SetOnline),
		6 => Just(Act::Heartbeat),
		4 => index().prop_map(Act::ReportDowntime),
		1 => (0..12_usize).prop_map(Act::ProposeRotation),
		1 => Just(Act::CancelRotation),
		1 => index().prop_map(Act::AcceptRotation),
	]
}

impl Act {
	/// `which`: for whom of the owners, where only an owner may.
	pub(super) fn take(&self, who: Sr25519Keyring, which: usize) -> Done {
		let who = match self {
			Self::RegisterProvider | Self::AcceptRotation(_) => who,
			_ => pick::owner(who, which),
		};
		let call: Call<Runtime> = match *self {
			Self::RegisterProvider => Call::register {},
			Self::Deregister => Call::deregister {},
			Self::AddDelegate(delegate) => {
				Call::add_delegate { delegate: pick::account(delegate).to_account_id() }
			}
			Self::RemoveDelegate(delegate) => {
				Call::remove_delegate { delegate: pick::account(delegate).to_account_id() }
			}
			Self::Bond { model, amount } => Call::bond { model: pick::model(model), amount },
			Self::CollectDebt { provider, model } => {
				Call::collect_debt { provider: pick::provider(provider), model: pick::model(model) }
			}
			Self::RequestWithdrawal { model, amount } => {
				Call::request_withdrawal { model: pick::model(model), amount }
			}
			Self::CancelWithdrawal(model) => Call::cancel_withdrawal { model: pick::model(model) },
			Self::Withdraw(model) => Call::withdraw { model: pick::model(model) },
			Self::SetOffer { model, min_price, multiplier_percent, base, room } => {
				let offer = Offer {
					min_price_per_unit: min_price,
					multiplier_percent,
					deadline_base_ticks: base,
					max_open_jobs: room,
					..deal::offer()
				};
				Call::set_offer { model: pick::model(model), offer }
			}
			Self::WithdrawOffer(model) => Call::withdraw_offer { model: pick::model(model) },
			Self::RefreshOffer { provider, model } => Call::refresh_offer {
				provider: pick::provider(provider),
				model: pick::model(model),
			},
			Self::SetOnline(online) => Call::set_online { online },
			Self::Heartbeat => Call::heartbeat {},
			Self::ReportDowntime(provider) => {
				let provider = pick::provider(provider);
				let reported = dispatch(Call::report_downtime { provider }, signed(who));
				// Whether it may come back is up to the pallet.
				let _back = dispatch(Call::set_online { online: true }, signed(who));
				return Some(reported);
			}
			Self::ProposeRotation(new_owner) => {
				Call::propose_rotation { new_owner: pick::account(new_owner).to_account_id() }
			}
			Self::CancelRotation => Call::cancel_rotation {},
			Self::AcceptRotation(provider) => {
				Call::accept_rotation { provider: pick::provider(provider) }
			}
		};
		Some(dispatch(call, signed(who)))
	}
}
