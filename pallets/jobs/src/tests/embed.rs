//! Answers in vectors.

use super::*;
use assay_market::{Commitment, TokenList};
use frame_support::BoundedVec;

const ONE: u32 = 0x3f80_0000;

fn vector(words: &[u32]) -> Words {
	Words::Inline(BoundedVec::truncate_from(words.to_vec()))
}

fn accepted() -> JobId {
	let driver = driver_for(EMBEDDER);
	let id = driver.submit(driver.request(driver.inline(5), 0)).unwrap();
	assert_ok!(driver.accept(id));
	id
}

#[test]
fn a_vector_should_be_committed_as_an_embedding_at_the_price_of_its_input() {
	build_and_execute(|| {
		let id = accepted();
		let elements = [ONE, 0, ONE | 0x8000_0000, 0x1780_0000];
		assert_ok!(driver().commit(id, vector(&elements)));
		let job = stored(id);
		let answer = job.answer().unwrap();
		let list = TokenList::of::<crate::Blake2>(&elements);
		assert_eq!(answer.commitment, Commitment::Embedding(list));
		assert_eq!((answer.units, job.escrow), (5, 5));
	});
}

#[test]
fn a_vector_should_have_the_models_dimension() {
	build_and_execute(|| {
		let id = accepted();
		for wrong in [&[][..], &[ONE; 3], &[ONE; 5]] {
			assert_noop!(driver().commit(id, vector(wrong)), Error::<Test>::WrongDimension);
		}
		assert_noop!(driver().commit(id, driver().by_root(3)), Error::<Test>::WrongDimension);
		assert_ok!(driver().commit(id, driver().by_root(DIMENSION)));
	});
}

#[test]
fn a_vector_should_have_bits_that_the_arithmetic_can_give() {
	build_and_execute(|| {
		let id = accepted();
		let denormal = 1;
		let below_the_least = 0x177f_ffff;
		let above_the_greatest = 0x5380_0001;
		let minus_zero = 0x8000_0000;
		let infinity = f32::INFINITY.to_bits();
		let nan = f32::NAN.to_bits();
		for wrong in [denormal, below_the_least, above_the_greatest, minus_zero, infinity, nan] {
			let elements = vector(&[ONE, ONE, ONE, wrong]);
			assert_noop!(driver().commit(id, elements), Error::<Test>::NotCanonical);
		}
	});
}
