use assay_market::{traits::Bonds, ProviderId};

use crate::{mock::*, types::Reputation, Reputations};

/// Two eras, as configured.
const HALVING_TICKS: u32 = 2 * TICKS_PER_ERA;

fn reputation(provider: ProviderId) -> Reputation {
	Providers::reputation(provider).expect("a provider")
}

#[test]
fn jobs_should_add_up() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		assert_eq!(reputation(provider), Reputation::default());
		Providers::job_ended(provider, &MODEL, Some((150, 100)));
		Providers::job_ended(provider, &MODEL_2, Some((50, 0)));
		Providers::job_ended(provider, &MODEL, None);
		let expected =
			Reputation { settled: 2_000, failed: 1_000, burned: 200, emitted: 100, era: 0 };
		assert_eq!(reputation(provider), expected);
		assert_eq!(expected.net_burned(), 100);
	});
}

#[test]
fn everything_should_halve_every_two_eras() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		Providers::job_ended(provider, &MODEL, Some((100, 40)));
		Providers::job_ended(provider, &MODEL, None);
		Now::set(HALVING_TICKS - 1);
		assert_eq!(reputation(provider).settled, 1_000);
		Now::set(HALVING_TICKS);
		let halved = Reputation { settled: 500, failed: 500, burned: 50, emitted: 20, era: 2 };
		assert_eq!(reputation(provider), halved);
		// Asking changes nothing; the next job does.
		assert_eq!(Reputations::<Test>::get(provider).settled, 1_000);
		Now::set(3 * HALVING_TICKS + TICKS_PER_ERA);
		Providers::job_ended(provider, &MODEL, Some((0, 0)));
		let stored = Reputations::<Test>::get(provider);
		assert_eq!((stored.settled, stored.burned, stored.era), (1_125, 12, 6));
	});
}

#[test]
fn everything_should_be_forgotten_at_last() {
	build_and_execute(|| {
		let provider = registered(OWNER);
		Providers::job_ended(provider, &MODEL, Some((u128::MAX, u128::MAX)));
		Providers::job_ended(provider, &MODEL, Some((1, 1)));
		assert_eq!(reputation(provider).burned, u128::MAX);
		Now::set(200 * HALVING_TICKS);
		let forgotten = Reputation { era: 400, ..Reputation::default() };
		assert_eq!(reputation(provider), forgotten);
		assert_eq!(forgotten.net_burned(), 0);
	});
}

#[test]
fn nobody_should_have_no_reputation() {
	build_and_execute(|| {
		let nobody = ProviderId(9);
		Providers::job_ended(nobody, &MODEL, None);
		assert!(!Reputations::<Test>::contains_key(nobody));
		assert_eq!(Providers::reputation(nobody), None);
	});
}
