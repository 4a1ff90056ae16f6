//! Subscribers and holders of vouchers.

use super::{
	super::{dispatch, signed},
	pick,
	world::Done,
};
use crate::{genesis_config_presets::market::STABLE_ASSET, Balance, Runtime, RuntimeCall};
use pallet_assets::Instance1;
use pallet_vouchers::Call;
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

#[derive(Clone, Debug)]
pub(super) enum Act {
	Open(usize),
	StepPrice(usize),
	UpdateRate,
	Subscribe {
		series: usize,
		model: usize,
		units: Balance,
	},
	Unsubscribe {
		series: usize,
		model: usize,
		units: Balance,
	},
	ReleaseSubscription {
		series: usize,
		provider: usize,
		model: usize,
	},
	Mint {
		series: usize,
		units: Balance,
		max_cost: Balance,
	},
	Reclaim {
		series: usize,
		units: Balance,
	},
	SweepForfeits(usize),
	Close(usize),
	/// Destroys what is left of the asset of a closed series, and forgets the series.
	Forget(usize),
	PayOwed {
		owner: usize,
		quote: usize,
	},
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let index = any::<usize>;
	let max_cost = prop_oneof![6 => Just(Balance::MAX), 1 => pick::amount()];
	prop_oneof![
		3 => index().prop_map(Act::Open),
		1 => index().prop_map(Act::StepPrice),
		2 => Just(Act::UpdateRate),
		4 => (index(), index(), pick::units())
			.prop_map(|(series, model, units)| Act::Subscribe { series, model, units }),
		2 => (index(), index(), pick::units())
			.prop_map(|(series, model, units)| Act::Unsubscribe { series, model, units }),
		2 => (index(), index(), index()).prop_map(|(series, provider, model)| {
			Act::ReleaseSubscription { series, provider, model }
		}),
		5 => (index(), pick::units(), max_cost)
			.prop_map(|(series, units, max_cost)| Act::Mint { series, units, max_cost }),
		3 => (index(), pick::units()).prop_map(|(series, units)| Act::Reclaim { series, units }),
		1 => index().prop_map(Act::SweepForfeits),
		1 => index().prop_map(Act::Close),
		1 => index().prop_map(Act::Forget),
		1 => (0..12_usize, index()).prop_map(|(owner, quote)| Act::PayOwed { owner, quote }),
	]
}

impl Act {
	pub(super) fn take(&self, who: Sr25519Keyring) -> Done {
		let call: Call<Runtime> = match *self {
			Self::Open(quote) => Call::open_series { quote: pick::quote(quote) },
			Self::StepPrice(quote) => Call::step_price { quote: pick::quote(quote) },
			Self::UpdateRate => Call::update_rate { asset: STABLE_ASSET },
			Self::Subscribe { series, model, units } => {
				let owner = pick::owner(who, series);
				let (series, model) = (pick::series(series), pick::model(model));
				let subscribe = Call::<Runtime>::subscribe { series, model, units };
				return Some(dispatch(subscribe, signed(owner)));
			}
			Self::Unsubscribe { series, model, units } => {
				let owner = pick::owner(who, series);
				let (series, model) = (pick::series(series), pick::model(model));
				let unsubscribe = Call::<Runtime>::unsubscribe { series, model, units };
				return Some(dispatch(unsubscribe, signed(owner)));
			}
			Self::ReleaseSubscription { series, provider, model } => Call::release_subscription {
				series: pick::series(series),
				provider: pick::provider(provider),
				model: pick::model(model),
			},
			Self::Mint { series, units, max_cost } => {
				Call::mint { series: pick::unsold(series), units, max_cost }
			}
			Self::Reclaim { series, units } => {
				let (who, series) = pick::holder(series).unwrap_or((who, pick::series(series)));
				return Some(dispatch(Call::<Runtime>::reclaim { series, units }, signed(who)));
			}
			Self::SweepForfeits(series) => Call::sweep_forfeits { series: pick::series(series) },
			Self::Close(series) => Call::close_series { series: pick::series(series) },
			Self::Forget(series) => return forget(who, series),
			Self::PayOwed { owner, quote } => Call::pay_owed {
				who: pick::account(owner).to_account_id(),
				quote: pick::quote(quote),
			},
		};
		Some(dispatch(call, signed(who)))
	}
}

fn forget(who: Sr25519Keyring, series: usize) -> Done {
	let series = pick::series(series);
	let id = pallet_vouchers::AllSeries::<Runtime>::get(series)?.asset;
	let destroy: [RuntimeCall; 3] = [
		pallet_assets::Call::<_, Instance1>::destroy_accounts { id }.into(),
		pallet_assets::Call::<_, Instance1>::destroy_approvals { id }.into(),
		pallet_assets::Call::<_, Instance1>::finish_destroy { id }.into(),
	];
	for call in destroy {
		// Refused while the series lives.
		let _destroyed = dispatch(call, signed(who));
	}
	Some(dispatch(Call::<Runtime>::forget_series { series }, signed(who)))
}
