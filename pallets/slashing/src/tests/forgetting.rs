//! What counts no more does not stay.

use assay_market::{
	traits::{Offence, OffenceKind, Offences},
	ModelId,
};
use frame_support::assert_ok;

use crate::{mock::*, DowntimesOf, Losses};

fn model_of(number: u8) -> ModelId {
	let mut model = ModelId::default();
	model.0 .0 = [number; 32];
	model
}

fn report(kind: OffenceKind, number: u8) {
	let offence = match kind {
		OffenceKind::Downtime => unpaid(kind, 1_000),
		_ => wrong_result(1_000, 6, 4),
	};
	assert_ok!(Slashing::report(Offence { model: model_of(number), ..offence }));
}

#[test]
fn old_downtimes_are_forgotten_as_new_ones_come() {
	ExtBuilder::default().build_and_execute(|| {
		(0..20).for_each(|number| report(OffenceKind::Downtime, number));
		assert_eq!(DowntimesOf::<Test>::iter().count(), 20, "none of them is old");
		Now::set(Now::get() + 101);
		// Once around, two at a time, and the new ones in between.
		(100..140).for_each(|number| report(OffenceKind::Downtime, number));
		let left: Vec<_> = DowntimesOf::<Test>::iter_keys().map(|(_, model)| model).collect();
		assert!((0..20).all(|number| !left.contains(&model_of(number))));
		assert_eq!(left.len(), 40);
	});
}

#[test]
fn losses_of_other_eras_are_forgotten_as_new_ones_come() {
	ExtBuilder::default().build_and_execute(|| {
		(0..20).for_each(|number| report(OffenceKind::WrongResult, number));
		assert_eq!(Losses::<Test>::iter().count(), 20, "all of this era");
		Era::set(2);
		(100..140).for_each(|number| report(OffenceKind::WrongResult, number));
		assert_eq!(Losses::<Test>::iter().count(), 40);
		assert!(Losses::<Test>::iter_values().all(|loss| loss.era == 2));
	});
}
