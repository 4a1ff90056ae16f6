//! The models in f64, written from their papers, to compare with.

use super::{Source, HEADS, HEAD_DIM, HIDDEN, INTERMEDIATE, KEY_HEADS, LAYERS};

type Row = Vec<f64>;

/// What differs between decoders.
#[derive(Clone, Copy, Default)]
pub(crate) struct DecoderForm {
	pub(crate) window: Option<usize>,
	pub(crate) tied: bool,
	pub(crate) head_norms: bool,
	/// Angle per position of a pair of channels.
	pub(crate) frequency: Option<fn(usize) -> f64>,
}

/// Logits after each token.
pub(crate) fn decoder(source: &Source, form: DecoderForm, tokens: &[u32]) -> Vec<Row> {
	let at = |layer: usize, name: &str| format!("model.layers.{layer}.{name}");
	let words = source.elements("model.embed_tokens.weight");
	let mut stream: Vec<Row> = tokens.iter().map(|&token| row(&words, token as usize)).collect();
	for layer in 0..LAYERS {
		let gain = floats(source, &at(layer, "input_layernorm.weight"));
		let normed: Vec<Row> = stream.iter().map(|x| rms(x, &gain)).collect();
		let project = |name: &str| -> Vec<Row> {
			normed
				.iter()
				.map(|x| linear(source, &at(layer, &format!("self_attn.{name}_proj")), x))
				.collect()
		};
		let (mut query, mut key, value) = (project("q"), project("k"), project("v"));
		for (rows, norm) in [(&mut query, "q_norm"), (&mut key, "k_norm")] {
			for (position, row) in rows.iter_mut().enumerate() {
				for head in row.chunks_mut(HEAD_DIM) {
					if form.head_norms {
						let gain = floats(source, &at(layer, &format!("self_attn.{norm}.weight")));
						head.copy_from_slice(&rms(head, &gain));
					}
					rotate(
						head,
						position,
						form.frequency.unwrap_or(|pair| 10_000_f64.powf(-(pair as f64) / 4.0)),
					);
				}
			}
		}
		for position in 0..tokens.len() {
			let first = form.window.map_or(0, |window| (position + 1).saturating_sub(window));
			let seen = first..position + 1;
			let inner =
				attention(&query[position], &key[seen.clone()], &value[seen], HEADS / KEY_HEADS);
			let output = linear(source, &at(layer, "self_attn.o_proj"), &inner);
			add(&mut stream[position], &output);
		}
		let gain = floats(source, &at(layer, "post_attention_layernorm.weight"));
		for x in &mut stream {
			let normed = rms(x, &gain);
			let gate = linear(source, &at(layer, "mlp.gate_proj"), &normed);
			let up = linear(source, &at(layer, "mlp.up_proj"), &normed);
			let inner: Row =
				gate.iter().zip(&up).map(|(g, u)| g / (1.0 + (-g).exp()) * u).collect();
			assert_eq!(inner.len(), INTERMEDIATE);
			add(x, &linear(source, &at(layer, "mlp.down_proj"), &inner));
		}
	}
	let gain = floats(source, "model.norm.weight");
	let head = if form.tied { "model.embed_tokens" } else { "lm_head" };
	stream.iter().map(|x| linear(source, head, &rms(x, &gain))).collect()
}

/// The rows of the last layer.
pub(crate) fn encoder(source: &Source, prefix: &str, tokens: &[u32]) -> Vec<Row> {
	let at = |name: &str| format!("{prefix}{name}");
	let [words, positions, kinds] = ["word", "position", "token_type"]
		.map(|name| source.elements(&at(&format!("embeddings.{name}_embeddings.weight"))));
	let mut stream: Vec<Row> = Vec::new();
	for (position, &token) in tokens.iter().enumerate() {
		let mut x = row(&words, token as usize);
		add(&mut x, &row(&positions, position));
		add(&mut x, &row(&kinds, 0));
		stream.push(layer_norm(source, &at("embeddings.LayerNorm"), &x));
	}
	for layer in 0..LAYERS {
		let at = |name: &str| format!("{prefix}encoder.layer.{layer}.{name}");
		let project = |name: &str| -> Vec<Row> {
			stream
				.iter()
				.map(|x| linear(source, &at(&format!("attention.self.{name}")), x))
				.collect()
		};
		let (query, key, value) = (project("query"), project("key"), project("value"));
		for (position, x) in stream.iter_mut().enumerate() {
			let inner = attention(&query[position], &key, &value, 1);
			add(x, &linear(source, &at("attention.output.dense"), &inner));
			*x = layer_norm(source, &at("attention.output.LayerNorm"), x);
			let mut wide = linear(source, &at("intermediate.dense"), x);
			wide.iter_mut().for_each(|w| *w = gelu(*w));
			add(x, &linear(source, &at("output.dense"), &wide));
			*x = layer_norm(source, &at("output.LayerNorm"), x);
		}
	}
	stream
}

/// |exact - float| / |float| over all elements.
pub(crate) fn relative_error(exact: &[f32], float: &[f64]) -> f64 {
	assert_eq!(exact.len(), float.len());
	let square = |sum: f64, x: f64| sum + x * x;
	let difference = exact.iter().zip(float).map(|(&e, f)| f64::from(e) - f).fold(0.0, square);
	(difference / float.iter().copied().fold(0.0, square)).sqrt()
}

fn floats(source: &Source, name: &str) -> Row {
	source.elements(name).into_iter().map(f64::from).collect()
}

fn row(table: &[f32], index: usize) -> Row {
	table[index * HIDDEN..(index + 1) * HIDDEN].iter().map(|&x| f64::from(x)).collect()
}

fn add(x: &mut [f64], y: &[f64]) {
	x.iter_mut().zip(y).for_each(|(x, y)| *x += y);
}

fn linear(source: &Source, name: &str, x: &[f64]) -> Row {
	let weights = source.elements(&format!("{name}.weight"));
	let bias = format!("{name}.bias");
	let bias = source.tensors.contains_key(&bias).then(|| floats(source, &bias));
	let dot = |row: &[f32]| row.iter().zip(x).map(|(&w, x)| f64::from(w) * x).sum::<f64>();
	let product = weights.chunks(x.len()).map(dot);
	product.enumerate().map(|(n, y)| y + bias.as_ref().map_or(0.0, |bias| bias[n])).collect()
}

fn rms(x: &[f64], gain: &[f64]) -> Row {
	let mean = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
	x.iter().zip(gain).map(|(x, g)| x / (mean + 1e-5).sqrt() * g).collect()
}

fn layer_norm(source: &Source, name: &str, x: &[f64]) -> Row {
	let (gain, bias) =
		(floats(source, &format!("{name}.weight")), floats(source, &format!("{name}.bias")));
	let mean = x.iter().sum::<f64>() / x.len() as f64;
	let variance = x.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / x.len() as f64;
	let scaled = x.iter().map(|x| (x - mean) / (variance + 1e-12).sqrt());
	scaled.zip(gain.iter().zip(&bias)).map(|(x, (g, b))| x * g + b).collect()
}

fn rotate(head: &mut [f64], position: usize, frequency: fn(usize) -> f64) {
	let pairs = head.len() / 2;
	for pair in 0..pairs {
		let (sin, cos) = (position as f64 * frequency(pair)).sin_cos();
		let (x, y) = (head[pair], head[pair + pairs]);
		head[pair] = x * cos - y * sin;
		head[pair + pairs] = y * cos + x * sin;
	}
}

/// One query row against the keys and values that it sees; `group` query heads share a key head.
fn attention(query: &[f64], keys: &[Row], values: &[Row], group: usize) -> Row {
	let mut out = Vec::new();
	for (head, query) in query.chunks(HEAD_DIM).enumerate() {
		let part = head / group * HEAD_DIM..(head / group + 1) * HEAD_DIM;
		let dot = |key: &Row| query.iter().zip(&key[part.clone()]).map(|(q, k)| q * k).sum::<f64>();
		let scores: Row =
			keys.iter().map(|key| (dot(key) / (HEAD_DIM as f64).sqrt()).exp()).collect();
		let sum: f64 = scores.iter().sum();
		for channel in part.clone() {
			let weighted = scores.iter().zip(values).map(|(p, value)| p * value[channel]);
			out.push(weighted.sum::<f64>() / sum);
		}
	}
	out
}

/// GELU with the error function by its series, which converges fast enough here.
fn gelu(x: f64) -> f64 {
	let z = x / std::f64::consts::SQRT_2;
	let (mut term, mut sum) = (z, z);
	for n in 1..200 {
		term *= -z * z / f64::from(n);
		sum += term / f64::from(2 * n + 1);
	}
	let erf = if z.abs() > 5.0 { z.signum() } else { sum * 2.0 / std::f64::consts::PI.sqrt() };
	0.5 * x * (1.0 + erf)
}
