//! Values computed by an independent implementation in another language, before this crate existed.
//! All numbers are bit patterns in hexadecimal unless a comment says otherwise.

use assay_kernels_exact::{
	activation::{phi, sigmoid, tanh, Activation},
	elementary::{exp2, ln, sincos},
	float::canon,
	norm::{layer_stats, rms_stats},
	quantise::{symmetric, Digits},
};

const EXP2: &str = "
00000000 3f800000
bf000000 3f3504f3
be800000 3f5744fd
bf800000 3f000000
c06ccccd 3d9d9624
c1240000 3a5744fd
c1fc0000 2fb504f3
c2c80000 0d800000
3e99999a 3f9d9624
40f00000 433504f3";

const LN: &str = "
3f800000 00000000
40000000 3f317218
3f000000 bf317218
3f3504f3 beb17218
3f807e8b 3b7c9936
3089705f c1a5c940
30000000 c1abe687
41ac0000 40445afb
40400000 3f8c9f54";

/// x, SIGM, SiLU, PHI, GELU, GELU in the tanh form, TANH.
const ACTIVATIONS: &str = "
00000000 3f000000 00000000 3f000000 00000000 00000000 00000000
3f000000 3f1f597f 3e9f597f 3f3103b0 3eb103b0 3eb1016d 3eec9a9f
bf000000 3ec14d03 be414d03 3e9df8a1 be1df8a1 be1dfd25 beec9a9f
3f800000 3f3b26a8 3f3b26a8 3f57625e 3f57625e 3f57585c 3f42f7d5
bf800000 3e89b2b1 be89b2b1 3e227686 be227686 be229e90 bf42f7d5
40400000 3f73dbe6 4036e4ec 3f7fa788 403fbda6 403fc468 3f7ebbe9
c0400000 3d4241a4 be11b13b 3ab0ef03 bb84b342 bb6e6156 bf7ebbe9
c1000000 39afd1f1 bb2fd1f1 2633705c a7b3705c 9d6ad14e bf7ffffc
41a00000 3f800000 41a00000 3f800000 41a00000 41a00000 3f800000
c28c0000 114b4eaf 00000000 0913ff7b 00000000 00000000 bf800000
358637bd 3f000004 350637c1 3f000006 350637c3 350637c4 35880009
447a0000 3f800000 447a0000 3f800000 447a0000 447a0000 3f800000";

/// Turns, cosine, sine.
const SINCOS: &str = "
00000000 3f800000 00000000
00000001 3f800000 30c90fdb
10000000 3f6c835e 3ec3ef16
1fffffff 3f3504f2 3f3504f3
20000000 3f3504f3 3f3504f2
28be60db 3f0a5140 3f576aa5
40000000 80000000 3f800000
7fffffff bf800000 30c90fdb
80000000 bf800000 80000000
abcdef01 bef38510 bf6130a3
e0000000 3f3504f2 bf3504f3
ffffffff 3f800000 b0c90fdb";

const CANON: &str = "
00000000 00000000
80000000 00000000
0da24260 00000000
979abe15 979abe15
17800000 17800000
551184e7 53800000
ff61b1e6 d3800000
bfc00000 bfc00000";

const ROW: [f32; 8] = [0.1, -0.2, 0.3, 1000.0, -5.5, 0.0, 7.25, -0.004];

fn check<const N: usize>(table: &str, f: impl Fn(u32) -> [u32; N]) {
	let mut lines = 0;
	for line in table.lines().filter(|line| !line.is_empty()) {
		let words: Vec<u32> =
			line.split(' ').map(|word| u32::from_str_radix(word, 16).expect("a pattern")).collect();
		assert_eq!(f(words[0]).as_slice(), &words[1..], "{line}");
		lines += 1;
	}
	assert!(lines > 0);
}

#[test]
fn elementary_functions() {
	check(EXP2, |x| [exp2(f32::from_bits(x)).to_bits()]);
	check(LN, |x| [ln(f32::from_bits(x)).to_bits()]);
	check(SINCOS, |turns| {
		let (cos, sin) = sincos(turns);
		[cos.to_bits(), sin.to_bits()]
	});
	check(CANON, |x| [canon(f32::from_bits(x)).to_bits()]);
}

#[test]
fn activations() {
	check(ACTIVATIONS, |x| {
		let x = f32::from_bits(x);
		[
			sigmoid(x),
			Activation::Silu.apply(x),
			phi(x),
			Activation::Gelu.apply(x),
			Activation::GeluTanh.apply(x),
			tanh(x),
		]
		.map(f32::to_bits)
	});
}

#[test]
fn one_row_quantised_and_normalised() {
	let row = symmetric(&ROW, None, Digits::One).unwrap();
	assert_eq!(row.stats.scale.to_bits(), 0x40fb_f7f0);
	assert_eq!(row.codes, [0, 0, 0, 127, -1, 0, 1, 0]);
	let row = symmetric(&ROW, None, Digits::Two).unwrap();
	assert_eq!(row.stats.scale.to_bits(), 0x3cfb_f7f0);
	assert_eq!(row.codes, [3, -7, 10, 32_512, -179, 0, 236, 0]);
	let eps = f32::from_bits(0x3727_c5ac);
	assert_eq!(rms_stats(&ROW, eps).unwrap().to_bits(), 0x3b39_5b2a);
	let stats = layer_stats(&ROW, eps).unwrap();
	assert_eq!((stats.mean.to_bits(), stats.r.to_bits()), (0x42fa_7c93, 0x3b46_3540));
}

#[test]
fn integers_of_64_bits_convert_in_one_rounding() {
	use assay_kernels_exact::{float::pow2, pool::mean};
	// (f32)sum * 2^-30 with a maximum of 2^-9, so that the result lies in F.
	let y = mean(&[1_152_921_573_326_323_713], &[pow2(-9)], 1).unwrap();
	assert_eq!(y[0].to_bits(), 0x5d80_0001 - (30 << 23));
}
