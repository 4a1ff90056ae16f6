//! Random histories of everything that anybody can do, with every property checked after each step.

use crate::{mock::*, *};
use assay_market::{traits::Subscribed, Balance, Price, ProviderId, Quote, SeriesId, Tick};
use proptest::{
	prelude::*,
	strategy::{Strategy, ValueTree},
	test_runner::TestRunner,
};
use sp_runtime::{DispatchResult, Permill};
use std::collections::BTreeMap;

/// What happens in one step.
///
/// Indices choose among what the step is possible with, so that histories get deep; every sixteenth
/// chooses blindly. Parts are of what is possible, in 256ths, and may exceed it.
#[derive(Clone, Copy, Debug)]
enum Action {
	Pass { ticks: Tick },
	SetParameters { variant: u8 },
	MovePool { native: u32, units: u32 },
	StepPrice { quote: u8 },
	UpdateRate,
	Open { quote: u8 },
	Subscribe { provider: u8, series: u8, units: u16 },
	Unsubscribe { subscription: u8, part: u16 },
	ReleaseSubscription { who: u8, subscription: u8 },
	Mint { who: u8, series: u8, part: u16 },
	Transfer { holding: u8, to: u8, part: u16 },
	Burn { holding: u8 },
	Escrow { holding: u8, part: u16 },
	Release { escrow: u8, part: u16 },
	Redeem { escrow: u8, part: u16, provider: u8 },
	Reclaim { holding: u8, part: u16 },
	Sweep { series: u8 },
	Close { series: u8 },
	Forget { series: u8 },
	Donate { quote: u8, amount: u16 },
	StopPayouts { stop: bool },
	ReleaseUnpaid { escrow: u8, part: u16 },
	PayOwed { debt: u8 },
}

fn action() -> impl Strategy<Value = Action> {
	let index = any::<u8>;
	let part = || 0..300_u16;
	prop_oneof![
		8 => (1..3 * DAY).prop_map(|ticks| Action::Pass { ticks }),
		2 => (10 * DAY..40 * DAY).prop_map(|ticks| Action::Pass { ticks }),
		1 => index().prop_map(|variant| Action::SetParameters { variant }),
		1 => (1..u32::MAX, 1..u32::MAX)
			.prop_map(|(native, units)| Action::MovePool { native, units }),
		1 => index().prop_map(|quote| Action::StepPrice { quote }),
		5 => Just(Action::UpdateRate),
		5 => index().prop_map(|quote| Action::Open { quote }),
		6 => (index(), index(), 1..2_000_u16)
			.prop_map(|(provider, series, units)| Action::Subscribe { provider, series, units }),
		2 => (index(), part())
			.prop_map(|(subscription, part)| Action::Unsubscribe { subscription, part }),
		2 => (index(), index())
			.prop_map(|(who, subscription)| Action::ReleaseSubscription { who, subscription }),
		8 => (index(), index(), part())
			.prop_map(|(who, series, part)| Action::Mint { who, series, part }),
		3 => (index(), index(), part())
			.prop_map(|(holding, to, part)| Action::Transfer { holding, to, part }),
		1 => index().prop_map(|holding| Action::Burn { holding }),
		8 => (index(), part()).prop_map(|(holding, part)| Action::Escrow { holding, part }),
		4 => (index(), part()).prop_map(|(escrow, part)| Action::Release { escrow, part }),
		8 => (index(), part(), index())
			.prop_map(|(escrow, part, provider)| Action::Redeem { escrow, part, provider }),
		4 => (index(), part()).prop_map(|(holding, part)| Action::Reclaim { holding, part }),
		2 => index().prop_map(|series| Action::Sweep { series }),
		3 => index().prop_map(|series| Action::Close { series }),
		2 => index().prop_map(|series| Action::Forget { series }),
		1 => (index(), any::<u16>())
			.prop_map(|(quote, amount)| Action::Donate { quote, amount }),
		2 => prop::bool::weighted(0.2).prop_map(|stop| Action::StopPayouts { stop }),
		5 => (index(), part()).prop_map(|(escrow, part)| Action::ReleaseUnpaid { escrow, part }),
		5 => index().prop_map(|debt| Action::PayOwed { debt }),
	]
}

/// One of what is possible, or `blind`.
fn choose<T: Clone>(possible: &[T], blind: T, index: u8) -> T {
	let index = usize::from(index);
	if possible.is_empty() || index >= 240 {
		return blind;
	}
	possible[index % possible.len()].clone()
}

fn part_of(possible: Balance, part: u16) -> Balance {
	possible * Balance::from(part) / 256
}

fn quote(index: u8) -> Quote {
	choose(&[Quote::Native, Quote::Asset(STABLE)], Quote::Asset(77), index)
}

fn person(index: u8) -> AccountId {
	choose(&[BUYER, OTHER, SERVER], ANYBODY, index)
}

/// The last series or the next, for those who choose blindly.
fn some_series(index: u8) -> SeriesId {
	let next = NextSeriesId::<Test>::get().0;
	SeriesId(next.saturating_sub(u32::from(index % 2)))
}

fn series_in(phase: Phase, index: u8) -> SeriesId {
	let possible: Vec<_> = Vouchers::all_series()
		.into_iter()
		.filter(|view| view.phase == phase)
		.map(|view| view.id)
		.collect();
	choose(&possible, some_series(index), index)
}

/// Somebody's vouchers of a series in one of the phases.
fn holding_in(phases: &[Phase], index: u8) -> (AccountId, SeriesId, Balance) {
	let possible: Vec<_> = [BUYER, OTHER, SERVER]
		.into_iter()
		.flat_map(|who| {
			Vouchers::vouchers_of(who.clone())
				.into_iter()
				.map(move |holding| (who.clone(), holding))
		})
		.filter(|(_, holding)| phases.contains(&holding.phase))
		.map(|(who, holding)| (who, holding.series, holding.free))
		.collect();
	choose(&possible, (BUYER, some_series(index), 10), index)
}

fn escrow_at(index: u8) -> (AccountId, SeriesId, Balance) {
	let possible: Vec<_> =
		Escrows::<Test>::iter().map(|(id, who, units)| (who, id, units)).collect();
	choose(&possible, (BUYER, some_series(index), 10), index)
}

fn expired_escrow_at(index: u8) -> (AccountId, SeriesId, Balance) {
	let possible: Vec<_> = Escrows::<Test>::iter()
		.map(|(id, who, units)| (who, id, units))
		.filter(|(_, id, _)| Now::get() >= series(*id).expires_at)
		.collect();
	choose(&possible, (BUYER, some_series(index), 10), index)
}

fn subscription_at(index: u8) -> (SeriesId, ProviderId, Balance) {
	let possible: Vec<_> = Subscriptions::<Test>::iter()
		.map(|((id, provider, _), subscription)| (id, provider, subscription.remaining()))
		.collect();
	choose(&possible, (some_series(index), PROVIDER, 10), index)
}

fn owner(provider: ProviderId) -> AccountId {
	if provider == PROVIDER {
		SERVER
	} else {
		RIVAL_SERVER
	}
}

/// Asserts that `who` was paid the reserve of `units` by `does`.
fn paid(
	who: &AccountId,
	id: SeriesId,
	units: Balance,
	does: impl FnOnce() -> DispatchResult,
) -> DispatchResult {
	let quote = AllSeries::<Test>::get(id).map_or(Quote::Native, |series| series.quote);
	let before = balance(quote, who);
	does()?;
	assert_eq!(balance(quote, who) - before, series(id).price_of(units).unwrap());
	Ok(())
}

/// Acts for whoever may; whether it was refused is for the calls' own tests.
fn act(action: Action) -> DispatchResult {
	let anybody = by(ANYBODY);
	match action {
		Action::Pass { ticks } => {
			pass(ticks);
			poll(1);
			Ok(())
		}
		Action::SetParameters { variant } => {
			let mut new = parameters();
			new.premium = Permill::from_percent(2 + u32::from(variant % 4));
			new.window_ticks = DAY * Tick::from(5 + variant % 26);
			new.sweep_fee = Balance::from(variant) * 1_000;
			new.rate_stale_ticks = DAY * Tick::from(1 + variant % 7);
			Vouchers::set_parameters(RuntimeOrigin::root(), new)
		}
		Action::MovePool { native, units } => {
			Pools::set([(STABLE, (native.into(), units.into()))].into());
			Ok(())
		}
		Action::StepPrice { quote: index } => Vouchers::step_price(anybody, quote(index)),
		Action::UpdateRate => Vouchers::update_rate(anybody, STABLE),
		Action::Open { quote: index } => Vouchers::open_series(anybody, quote(index)),
		Action::Subscribe { provider, series, units } => {
			let (provider, id) =
				(choose(&[PROVIDER, RIVAL], PROVIDER, provider), series_in(Phase::Open, series));
			Vouchers::subscribe(by(owner(provider)), id, model(), units.into())
		}
		Action::Unsubscribe { subscription, part } => {
			let (id, provider, remaining) = subscription_at(subscription);
			let units = part_of(remaining, part);
			Vouchers::unsubscribe(by(owner(provider)), id, model(), units)
		}
		Action::ReleaseSubscription { who, subscription } => {
			let (id, provider, _) = subscription_at(subscription);
			let who = choose(&[owner(provider)], ANYBODY, who);
			Vouchers::release_subscription(by(who), id, provider, model())
		}
		Action::Mint { who, series, part } => {
			let id = series_in(Phase::Open, series);
			let units = part_of(Vouchers::mintable(id), part);
			Vouchers::mint(by(person(who)), id, units, Balance::MAX)
		}
		Action::Transfer { holding, to, part } => {
			let (from, id, free) =
				holding_in(&[Phase::Open, Phase::Running, Phase::Grace], holding);
			let to = choose(&[BUYER, OTHER, SERVER, Vouchers::account()], ANYBODY, to);
			Assets::transfer(by(from), FIRST_VOUCHER + id.0, to, part_of(free, part))
		}
		Action::Burn { holding } => {
			let (who, id, _) = holding_in(&[Phase::Open, Phase::Running, Phase::Grace], holding);
			Assets::refund(by(who), FIRST_VOUCHER + id.0, true)
		}
		Action::Escrow { holding, part } => {
			let (who, id, free) = holding_in(&[Phase::Open, Phase::Running], holding);
			escrow(&who, id, part_of(free, part))
		}
		Action::Release { escrow, part } => {
			let (who, id, units) = escrow_at(escrow);
			release(&who, id, part_of(units, part))
		}
		Action::Redeem { escrow, part, provider } => {
			let (who, id, units) = escrow_at(escrow);
			let units = part_of(units, part);
			let provider = choose(&[PROVIDER, RIVAL], ProviderId(77), provider);
			paid(&SETTLEMENT, id, units, || {
				let redeemed = redeem(&who, id, units, provider)?;
				let Series { quote, price_per_unit, .. } = series(id);
				let price = Price { quote, amount: units * price_per_unit };
				assert_eq!((redeemed.units, redeemed.price), (units, price));
				Ok(())
			})
		}
		Action::Reclaim { holding, part } => {
			let (who, id, free) = holding_in(&[Phase::Grace], holding);
			let units = part_of(free, part);
			paid(&who, id, units, || Vouchers::reclaim(by(who.clone()), id, units))
		}
		Action::Sweep { series } => {
			let forfeited: Vec<_> = AllSeries::<Test>::iter()
				.filter(|(_, series)| series.forfeited > 0)
				.map(|(id, _)| id)
				.collect();
			Vouchers::sweep_forfeits(anybody, choose(&forfeited, some_series(series), series))
		}
		Action::Close { series } => Vouchers::close_series(anybody, series_in(Phase::Over, series)),
		Action::Forget { series } => {
			let id = series_in(Phase::Closed, series);
			let asset = FIRST_VOUCHER + id.0;
			// Repeated until all is gone, by anybody.
			let _accounts = Assets::destroy_accounts(anybody.clone(), asset).is_ok();
			let _approvals = Assets::destroy_approvals(anybody.clone(), asset).is_ok();
			let _asset = Assets::finish_destroy(anybody.clone(), asset).is_ok();
			Vouchers::forget_series(anybody, id)
		}
		Action::Donate { quote, amount } if quote % 2 == 0 => {
			Balances::transfer_keep_alive(by(OTHER), Vouchers::account(), amount.into())
		}
		Action::Donate { amount, .. } => {
			Assets::transfer(by(OTHER), STABLE, Vouchers::account(), amount.into())
		}
		Action::StopPayouts { stop } => {
			PayoutsFail::set(stop);
			Ok(())
		}
		Action::ReleaseUnpaid { escrow, part } => {
			let (who, id, units) = expired_escrow_at(escrow);
			let fail = PayoutsFail::get();
			PayoutsFail::set(true);
			let released = release(&who, id, part_of(units, part));
			PayoutsFail::set(fail);
			released
		}
		Action::PayOwed { debt } => {
			let debts: Vec<_> = Owed::<Test>::iter_keys().collect();
			let (who, quote) = choose(&debts, (BUYER, Quote::Native), debt);
			Vouchers::pay_owed(anybody, who, quote)
		}
	}
}

/// What of a series must never change.
type Promise = (Quote, Balance, u32, [Tick; 4]);

fn promise(series: &Series) -> Promise {
	let times = [series.opened_at, series.closes_at, series.expires_at, series.grace_ends_at];
	(series.quote, series.price_per_unit, series.asset, times)
}

#[test]
fn histories_should_reach_every_stage() {
	let mut runner = TestRunner::deterministic();
	let mut done = BTreeMap::<String, usize>::new();
	for _ in 0..40 {
		let history = prop::collection::vec(action(), 200..300);
		let history = history.new_tree(&mut runner).unwrap().current();
		ExtBuilder::default().build_and_execute(|| {
			register_stable();
			for action in history {
				let name = format!("{action:?}").split(' ').next().unwrap().to_owned();
				let done = done.entry(name).or_default();
				*done += usize::from(act(action).is_ok());
			}
		});
	}
	assert_eq!(done.len(), 23);
	assert!(done.values().all(|done| *done >= 5), "{done:?}");
}

proptest! {
	#![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

	#[test]
	fn every_property_should_hold_after_every_step(
		history in prop::collection::vec(action(), 1..300),
	) {
		ExtBuilder::default().build_and_execute(|| {
			register_stable();
			let issued = (Balances::total_issuance(), Assets::total_supply(STABLE));
			let mut promises = BTreeMap::new();
			for action in history {
				let outcome = act(action);
				assert_eq!(Vouchers::do_try_state(), Ok(()), "{action:?} {outcome:?}");
				let now = (Balances::total_issuance(), Assets::total_supply(STABLE));
				assert_eq!(now, issued, "{action:?} {outcome:?}");
				for provider in [PROVIDER, RIVAL] {
					let duties = DutiesOf::<Test>::get(provider, model());
					let strictest = duties.iter().map(|duty| duty.terms).reduce(Subscribed::and);
					assert_eq!(bounds(provider), strictest, "{action:?} {outcome:?}");
				}
				for (id, series) in AllSeries::<Test>::iter() {
					let promised = *promises.entry(id).or_insert_with(|| promise(&series));
					assert_eq!(promised, promise(&series), "{action:?} {outcome:?}");
				}
			}
		});
	}
}
