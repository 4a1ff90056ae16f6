//! Decoders of the Llama form: RMS norms before attention and a gated feed-forward layer, rotated
//! queries and keys, grouped heads.

use assay_kernels_exact::attention::softmax_constant;
use assay_programs::{
	op::{
		Activation, Attention, Digits, Embed, Gated, HeadNorm, Heads, Linear, LinearWeights, Mask,
		Norm, Op, OpKind, Quantise, Role, TakeRows,
	},
	program::Rotation,
	Constant, Kind, TensorId,
};

use crate::{
	plan::{quantise, Balance, FactorId, Layer, MatrixId, ModelParts, Plan, Planner, Projection},
	profile::Precision,
};

/// What the families' configurations say.
pub(crate) struct Decoder {
	pub(super) hidden: u32,
	pub(super) intermediate: u32,
	pub(super) layers: u16,
	pub(super) heads: u16,
	pub(super) key_heads: u16,
	pub(super) head_dim: u32,
	pub(super) vocabulary: u32,
	/// As the configuration says.
	pub(super) positions: u32,
	pub(super) eps: f32,
	pub(super) activation: Activation,
	pub(super) rotation: Rotation,
	pub(super) mask: Mask,
	pub(super) biases: Biases,
	/// Whether queries and keys are normalised.
	pub(super) head_norms: bool,
	/// Whether the output head is the embedding.
	pub(super) tied: bool,
	pub(super) stop_ids: Vec<u32>,
	/// Files read besides configuration and weights.
	pub(crate) files: Vec<String>,
}

/// Which linear layers have a bias.
#[derive(Clone, Copy)]
pub(super) struct Biases {
	/// Queries, keys and values.
	pub(super) attention: bool,
	/// What follows attention.
	pub(super) output: bool,
	/// Gate, up and down.
	pub(super) feed_forward: bool,
}

/// The residual stream.
const STREAM: u8 = 0;
/// Codes of the row that linear layers read.
const CODES: u8 = 1;
const QUERY: u8 = 2;
const KEY: u8 = 3;
const VALUE: u8 = 4;
/// What comes out of attention, or of gate and up.
const INNER: u8 = 5;

/// Tensors that some checkpoints have although they follow from the configuration.
fn is_ignored(name: &str) -> bool {
	name.ends_with(".rotary_emb.inv_freq")
}

/// The same, where the output head is the embedding and a copy of it may be stored.
fn is_ignored_when_tied(name: &str) -> bool {
	name == "lm_head.weight" || is_ignored(name)
}

/// A plan in the making.
struct Lowering<'d> {
	decoder: &'d Decoder,
	precision: &'d Precision,
	planner: Planner,
}

impl Decoder {
	/// The program with recipes for its weights.
	pub(crate) fn plan(&self, precision: &Precision, smooth: bool) -> Plan {
		let planner = Planner::new(smooth);
		let mut lowering = Lowering { decoder: self, precision, planner };
		let (words, words_matrix) = lowering.planner.table(
			"embedding.words",
			"model.embed_tokens.weight".into(),
			(self.vocabulary, self.hidden),
			precision.weights,
		);
		let embed = OpKind::Embed(Embed { words, encoder: None });
		lowering.planner.block(1, vec![Op { output: STREAM, kind: embed }]);
		let (mut ops, balance) = lowering.attention();
		lowering.feed_forward(&mut ops);
		lowering.planner.block(self.layers, ops);
		let tied =
			LinearWeights { codes: words.codes, scales: words.scales, groups: None, bias: None };
		lowering.head(self.tied.then_some((tied, words_matrix)));
		lowering.planner.finish(ModelParts {
			kind: Kind::Generate { stop_ids: self.stop_ids.clone() },
			vocabulary: self.vocabulary,
			max_positions: super::max_positions(self.positions),
			rotations: vec![self.rotation.clone()],
			balance,
			ignored: if self.tied { is_ignored_when_tied } else { is_ignored },
		})
	}
}

impl Lowering<'_> {
	/// Norm, projections, attention, output projection.
	fn attention(&mut self) -> (Vec<Op>, Option<Balance>) {
		let d = self.decoder;
		let (q_rows, k_rows) =
			(u32::from(d.heads) * d.head_dim, u32::from(d.key_heads) * d.head_dim);
		let balanced = d.biases.attention && !d.head_norms;
		let [query_factor, key_factor] = [(); 2].map(|()| balanced.then(|| self.planner.factor()));

		let input = self.planner.site_factor();
		let norm =
			self.norm("layers.*.attention.norm", "model.layers.*.input_layernorm", input, d.layers);
		let [mut query, mut key, value] =
			[("query", "q", q_rows), ("key", "k", k_rows), ("value", "v", k_rows)].map(
				|(name, source, rows)| {
					let name = format!("attention.{name}");
					let source = format!("self_attn.{source}_proj");
					self.layer(&name, &source, (rows, d.hidden), d.biases.attention, input)
				},
			);
		query.row_scaling = query_factor.map(FactorId::times);
		key.row_scaling = key_factor.map(FactorId::divided);
		let [query, key, value] = [query, key, value].map(|layer| self.planner.linear(layer));
		self.planner.site(0, input, &[query.1, key.1, value.1]);
		let balance = query_factor.zip(key_factor).map(|factors| Balance {
			query: Projection {
				matrix: query.1,
				bias: "model.layers.*.self_attn.q_proj.bias".into(),
				heads: d.heads.into(),
				factor: factors.0,
			},
			key: Projection {
				matrix: key.1,
				bias: "model.layers.*.self_attn.k_proj.bias".into(),
				heads: d.key_heads.into(),
				factor: factors.1,
			},
			gain: "model.layers.*.input_layernorm.weight".into(),
			head_dim: d.head_dim,
		});

		let mut ops = vec![Op {
			output: CODES,
			kind: OpKind::Quantise(Quantise {
				input: STREAM,
				norm: Some(norm),
				multipliers: None,
				codes: self.precision.activations,
			}),
		}];
		for (register, weights, role, heads) in [
			(QUERY, query.0, Role::Query, d.heads),
			(KEY, key.0, Role::Key, d.key_heads),
			(VALUE, value.0, Role::Value, d.key_heads),
		] {
			ops.push(Op { output: register, kind: linear(CODES, weights, None) });
			ops.push(Op { output: register, kind: self.heads(register, role, heads) });
		}
		ops.push(Op {
			output: INNER,
			kind: OpKind::Attention(Attention {
				query: QUERY,
				key: KEY,
				value: VALUE,
				constant: softmax_constant(d.head_dim).into(),
				mask: d.mask,
			}),
		});

		let inner = self.planner.site_factor();
		let multipliers = self.planner.multipliers(
			"layers.*.attention.output.multipliers",
			inner,
			q_rows,
			d.layers,
		);
		let output = self.layer(
			"attention.output",
			"self_attn.o_proj",
			(d.hidden, q_rows),
			d.biases.output,
			inner,
		);
		let output = self.planner.linear(output);
		self.planner.site(ops.len(), inner, &[output.1]);
		let codes = self.precision.activations;
		ops.push(Op { output: CODES, kind: OpKind::Quantise(quantise(INNER, multipliers, codes)) });
		ops.push(Op { output: STREAM, kind: linear(CODES, output.0, Some(STREAM)) });
		(ops, balance)
	}

	/// Norm, gate and up, down.
	fn feed_forward(&mut self, ops: &mut Vec<Op>) {
		let d = self.decoder;
		let (input, inner) = (self.planner.site_factor(), self.planner.site_factor());
		let source = "model.layers.*.post_attention_layernorm";
		let norm = self.norm("layers.*.feed_forward.norm", source, input, d.layers);
		let wide = (d.intermediate, d.hidden);
		let bias = d.biases.feed_forward;
		let gate = self.layer("feed_forward.gate", "mlp.gate_proj", wide, bias, input);
		let gate = self.planner.linear(gate);
		let mut up = self.layer("feed_forward.up", "mlp.up_proj", wide, bias, input);
		// The rows of up are multiplied onto the channels that down reads, and have scales of their
		// own: dividing there costs nothing.
		up.row_scaling = inner.map(FactorId::divided);
		let up = self.planner.linear(up);
		let narrow = (d.hidden, d.intermediate);
		let down = self.layer("feed_forward.down", "mlp.down_proj", narrow, bias, inner);
		let down = self.planner.linear(down);
		self.planner.site(ops.len(), input, &[gate.1, up.1]);
		self.planner.site(ops.len() + 2, inner, &[down.1]);

		let (codes, sensitive) = (self.precision.activations, self.precision.sensitive);
		let normed = Quantise { input: STREAM, norm: Some(norm), multipliers: None, codes };
		let gated = Gated { input: CODES, gate: gate.0, up: up.0, activation: d.activation };
		ops.extend([
			Op { output: CODES, kind: OpKind::Quantise(normed) },
			Op { output: INNER, kind: OpKind::Gated(gated) },
			Op { output: CODES, kind: OpKind::Quantise(quantise(INNER, None, sensitive)) },
			Op { output: STREAM, kind: linear(CODES, down.0, Some(STREAM)) },
		]);
	}

	/// Norm and output head, for the rows that choose a token.
	fn head(&mut self, tied: Option<(LinearWeights, MatrixId)>) {
		let d = self.decoder;
		// The columns of a shared table are also what tokens are embedded to.
		let factor = if tied.is_some() { None } else { self.planner.site_factor() };
		let norm = self.norm("norm", "model.norm", factor, 1);
		let (weights, matrix) = tied.unwrap_or_else(|| {
			self.planner.linear(Layer {
				name: "head".into(),
				source: "lm_head".into(),
				shape: (d.vocabulary, d.hidden),
				copies: 1,
				digits: self.precision.weights,
				grouped: self.precision.grouped,
				bias: false,
				row_scaling: None,
				column_factor: factor,
			})
		});
		self.planner.site(1, factor, &[matrix]);
		let (norm, codes) = (Some(norm), self.precision.sensitive);
		let normed = Quantise { input: STREAM, norm, multipliers: None, codes };
		let ops = vec![
			Op { output: STREAM, kind: OpKind::Take { input: STREAM, rows: TakeRows::Outputs } },
			Op { output: CODES, kind: OpKind::Quantise(normed) },
			Op { output: STREAM, kind: linear(CODES, weights, None) },
		];
		self.planner.block(1, ops);
	}

	/// A norm whose gain is divided by the factor of the quantisation after it.
	fn norm(&mut self, name: &str, source: &str, factor: Option<FactorId>, copies: u16) -> Norm {
		let scaling = factor.map(FactorId::divided);
		let (name, source) = (format!("{name}.gain"), format!("{source}.weight"));
		let gain = self.planner.vector(name, source, self.decoder.hidden, copies, scaling);
		Norm::Rms { gain, eps: Constant::new(self.decoder.eps) }
	}

	fn layer(
		&self,
		name: &str,
		source: &str,
		shape: (u32, u32),
		bias: bool,
		column_factor: Option<FactorId>,
	) -> Layer {
		Layer {
			name: format!("layers.*.{name}"),
			source: format!("model.layers.*.{source}"),
			shape,
			copies: self.decoder.layers,
			digits: self.precision.weights,
			grouped: self.precision.grouped,
			bias,
			row_scaling: None,
			column_factor,
		}
	}

	fn heads(&mut self, input: u8, role: Role, heads: u16) -> OpKind {
		let d = self.decoder;
		let (name, rotates) = match role {
			Role::Query => ("q", true),
			Role::Key => ("k", true),
			Role::Value => ("v", false),
		};
		let norm = (d.head_norms && rotates)
			.then(|| HeadNorm { gain: self.head_gain(name), eps: Constant::new(d.eps) });
		let rotation = rotates.then_some(0);
		OpKind::Heads(Heads { input, heads, role, norm, rotation, digits: Digits::One })
	}

	fn head_gain(&mut self, name: &str) -> TensorId {
		let entry = if name == "q" { "query" } else { "key" };
		let d = self.decoder;
		let source = format!("model.layers.*.self_attn.{name}_norm.weight");
		let entry = format!("layers.*.attention.{entry}.norm.gain");
		self.planner.vector(entry, source, d.head_dim, d.layers, None)
	}
}

const fn linear(input: u8, weights: LinearWeights, residual: Option<u8>) -> OpKind {
	OpKind::Linear(Linear { input, weights, activation: None, residual })
}
