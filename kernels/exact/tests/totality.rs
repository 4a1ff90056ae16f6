//! Every operation, on operands of any bit pattern: the result lies in F, and is the result on the
//! operands after CANON.

use assay_kernels_exact::{
	activation::{activate, gated, softcap, Activation},
	attention::{block, merge, Block, Query, Record},
	elementwise::{add, mul, scale},
	embedding::{dequantise, sum},
	float::canon,
	linear::{linear, Input, Weights},
	moe::{combine, route},
	norm::{
		l2_elements, l2_stats, layer_elements, layer_stats, rms_elements, rms_stats, LayerStats,
	},
	pool::{column_maxima, column_sums, mean},
	quantise::{
		asymmetric, asymmetric_codes, import_grouped_row, symmetric, symmetric_codes, Digits,
	},
	rope::{rotate, Pairing},
	sampler::{
		best, best_noisy, histogram, next_digit, sample, Filter, Sampling, Selection, Target,
	},
};
use proptest::{collection::vec, prelude::*};

/// Any bit pattern, those at the edges of F and of f32 more often than chance.
fn any_f32() -> impl Strategy<Value = f32> {
	let edge = prop::sample::select(vec![
		0x0000_0000_u32,
		0x0000_0001,
		0x007f_ffff,
		0x0080_0000,
		0x177f_ffff,
		0x1780_0000,
		0x2b7f_ffff,
		0x2b80_0000,
		0x3f80_0000,
		0x4a80_0000,
		0x5380_0000,
		0x5380_0001,
		0x7f7f_ffff,
		0x7f80_0000,
		0x7f80_0001,
		0x7fc0_0000,
	]);
	let signed_edge = (edge, any::<bool>()).prop_map(|(bits, sign)| bits | u32::from(sign) << 31);
	prop_oneof![any::<u32>(), signed_edge].prop_map(f32::from_bits)
}

fn row(n: usize) -> impl Strategy<Value = Vec<f32>> {
	vec(any_f32(), n)
}

/// The same operands after CANON.
fn clean(x: &[f32]) -> Vec<f32> {
	x.iter().map(|&x| canon(x)).collect()
}

fn bits(x: &[f32]) -> Vec<u32> {
	x.iter().map(|x| x.to_bits()).collect()
}

/// Asserts that both results are equal and lie in F.
fn assert_total(hostile: &[f32], honest: &[f32]) {
	assert_eq!(bits(hostile), bits(honest));
	assert_eq!(bits(hostile), bits(&clean(hostile)));
}

const ACTIVATIONS: [Activation; 5] =
	[Activation::Relu, Activation::Silu, Activation::Gelu, Activation::GeluTanh, Activation::Tanh];

proptest! {
	#![proptest_config(ProptestConfig::with_cases(400))]

	#[test]
	fn elementwise_operations(x in row(9), y in row(9), z in row(9), c in any_f32()) {
		let (cx, cy, cz) = (clean(&x), clean(&y), clean(&z));
		assert_total(&add(&x, &y).unwrap(), &add(&cx, &cy).unwrap());
		assert_total(&mul(&x, &y).unwrap(), &mul(&cx, &cy).unwrap());
		assert_total(&scale(&x, c), &scale(&cx, canon(c)));
		assert_total(&sum(&x, &y, &z).unwrap(), &sum(&cx, &cy, &cz).unwrap());
		assert_total(&softcap(c, &x), &softcap(canon(c), &cx));
		for activation in ACTIVATIONS {
			assert_total(&activate(activation, &x), &activate(activation, &cx));
			assert_total(&gated(activation, &x, &y).unwrap(), &gated(activation, &cx, &cy).unwrap());
		}
	}

	#[test]
	fn norms(x in row(33), g in row(33), b in row(33), s in row(3)) {
		let (cx, cg, cb) = (clean(&x), clean(&g), clean(&b));
		assert_total(&[rms_stats(&x, s[0]).unwrap()], &[rms_stats(&cx, canon(s[0])).unwrap()]);
		assert_total(&[l2_stats(&x).unwrap()], &[l2_stats(&cx).unwrap()]);
		let stats = layer_stats(&x, s[0]).unwrap();
		let honest = layer_stats(&cx, canon(s[0])).unwrap();
		assert_total(&[stats.mean, stats.r], &[honest.mean, honest.r]);
		assert_total(
			&rms_elements(&x, s[1], &g).unwrap(),
			&rms_elements(&cx, canon(s[1]), &cg).unwrap(),
		);
		assert_total(&l2_elements(&x, s[1]), &l2_elements(&cx, canon(s[1])));
		let stats = LayerStats { mean: s[1], r: s[2] };
		let honest = LayerStats { mean: canon(s[1]), r: canon(s[2]) };
		assert_total(
			&layer_elements(&x, stats, &g, &b).unwrap(),
			&layer_elements(&cx, honest, &cg, &cb).unwrap(),
		);
	}

	#[test]
	fn quantisation(x in row(70), m in row(70), max in any_f32(), zero in any::<i8>(), two in any::<bool>()) {
		let digits = if two { Digits::Two } else { Digits::One };
		let (cx, cm) = (clean(&x), clean(&m));
		let hostile = symmetric(&x, Some(&m), digits).unwrap();
		let honest = symmetric(&cx, Some(&cm), digits).unwrap();
		assert_total(&[hostile.stats.max, hostile.stats.scale], &[honest.stats.max, honest.stats.scale]);
		prop_assert_eq!(&hostile.codes, &honest.codes);
		let limit = i16::try_from(digits.max_code()).expect("two signed bytes");
		let codes = symmetric_codes(&x, Some(&m), max, digits).unwrap();
		prop_assert!(codes.iter().all(|code| (-limit..=limit).contains(code)));
		prop_assert_eq!(codes, symmetric_codes(&cx, Some(&cm), canon(max), digits).unwrap());

		let hostile = asymmetric(&x, Some(&m)).unwrap();
		prop_assert_eq!(&hostile, &asymmetric(&cx, Some(&cm)).unwrap());
		let stats = [hostile.stats.half_range, hostile.stats.scale];
		assert_total(&stats, &stats);
		let codes = asymmetric_codes(&x, None, max, zero).unwrap();
		prop_assert!(codes.iter().all(|&code| code != i8::MIN));
		prop_assert_eq!(codes, asymmetric_codes(&cx, None, canon(max), zero).unwrap());

		let grouped = import_grouped_row(&x, digits);
		prop_assert_eq!(&grouped, &import_grouped_row(&cx, digits));
		prop_assert!(grouped.codes.iter().all(|code| (-limit..=limit).contains(code)));
		assert_total(&[grouped.scale], &[grouped.scale]);
	}

	#[test]
	fn linear_layers(
		q in vec(any::<i16>(), 70),
		w in vec(any::<i16>(), 140),
		f in row(5),
		zero_point in any::<i8>(),
		groups in vec(any::<u8>(), 2),
	) {
		let c = clean(&f);
		let run = |f: &[f32]| {
			let input = Input { codes: &q, scale: f[0], zero_point };
			let weights =
				Weights { codes: &w, scales: &f[1..3], groups: Some(&groups), bias: Some(&f[3..5]) };
			linear(&input, &weights).unwrap()
		};
		assert_total(&run(&f), &run(&c));
		assert_total(&dequantise(&q, f[0]), &dequantise(&q, c[0]));
	}

	#[test]
	fn rotation(x in row(10), phases in vec(any::<u64>(), 4), position in any::<u32>()) {
		for pairing in [Pairing::Halves, Pairing::Interleaved] {
			assert_total(
				&rotate(&x, &phases, pairing, position).unwrap(),
				&rotate(&clean(&x), &phases, pairing, position).unwrap(),
			);
		}
	}

	#[test]
	fn attention_blocks(
		q in vec(any::<i8>(), 3),
		k in vec(any::<i8>(), 3 * 40),
		v in vec(any::<i8>(), 2 * 40),
		s in row(81),
	) {
		let run = |s: &[f32]| {
			let query = Query { codes: &q, scale: s[80] };
			let visible = Block {
				keys: &k,
				key_scales: &s[..40],
				values: &v,
				value_scales: &s[40..80],
				channels: 2,
			};
			block(&query, &visible).unwrap()
		};
		let record = run(&s);
		prop_assert_eq!(&record, &run(&clean(&s)));
		let y = merge(&[record]).unwrap();
		assert_total(&y, &y);
	}

	#[test]
	fn attention_merges(
		records in vec(
			(any::<i32>(), any::<i32>(), any::<i64>(), vec(any::<i32>(), 3)).prop_map(
				|(max_exponent, max_weighted, sum, output)| Record { max_exponent, max_weighted, sum, output },
			),
			1..20,
		),
	) {
		let y = merge(&records).unwrap();
		assert_total(&y, &y);
	}

	#[test]
	fn pooling(x in row(30), maxima in row(3), sums in vec(any::<i64>(), 3), n in 1_usize..300) {
		let (cx, cm) = (clean(&x), clean(&maxima));
		assert_total(&column_maxima(&x, 3).unwrap(), &column_maxima(&cx, 3).unwrap());
		prop_assert_eq!(column_sums(&x, &maxima).unwrap(), column_sums(&cx, &cm).unwrap());
		assert_total(&mean(&sums, &maxima, n).unwrap(), &mean(&sums, &cm, n).unwrap());
	}

	#[test]
	fn sampling(
		x in row(50),
		f in row(3),
		words in vec(any::<u32>(), 12),
		histograms in vec(any::<[u64; 16]>(), 1..5),
		remaining in any::<u64>(),
	) {
		let c = clean(&x);
		let sampling = |temperature| Sampling {
			temperature,
			top_k: words[0] % 60,
			top_p: words[1] % 70_000,
			min_p: words[2] % 70_000,
			seed: [words[3], words[4], words[5], words[6]],
		};
		let id = sample(&x, &sampling(f[0]), words[7]).unwrap();
		prop_assert!(id < 50);
		prop_assert_eq!(id, sample(&c, &sampling(canon(f[0])), words[7]).unwrap());
		prop_assert_eq!(best(&x, f[1], words[8]), best(&c, canon(f[1]), words[8]));
		let noisy = |x: &[f32], inverse| best_noisy(x, inverse, words[9], [words[3]; 4], words[7], words[8]);
		prop_assert_eq!(noisy(&x, f[1]), noisy(&c, canon(f[1])));
		let masses = |x: &[f32], inverse, max| {
			histogram(x, inverse, Filter::Probability { max, floor: words[9] }, words[10] % 9, words[11])
		};
		prop_assert_eq!(masses(&x, f[1], f[2]), masses(&c, canon(f[1]), canon(f[2])));
		let state = Selection { prefix: words[11], remaining };
		next_digit(&histograms, words[10] % 9, state, Target::Share(words[1]));
		next_digit(&histograms, words[10] % 9, state, Target::Count(words[1]));
	}

	#[test]
	fn experts(x in row(12), y in row(12), k in 1_usize..12) {
		let routed = route(&x, k).unwrap();
		prop_assert_eq!(&routed, &route(&clean(&x), k).unwrap());
		prop_assert!(routed.windows(2).all(|pair| pair[0].expert < pair[1].expert));
		let rows = [&x[..4], &x[4..8], &x[8..]];
		let clean_rows: Vec<Vec<f32>> = rows.iter().map(|row| clean(row)).collect();
		let clean_rows: Vec<&[f32]> = clean_rows.iter().map(Vec::as_slice).collect();
		assert_total(
			&combine(&y[..3], &rows).unwrap(),
			&combine(&clean(&y)[..3], &clean_rows).unwrap(),
		);
	}
}
