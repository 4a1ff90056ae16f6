//! Encoders of the BERT form: learned positions, norms after the residual, full attention, pooling.

use assay_kernels_exact::attention::softmax_constant;
use assay_programs::{
	op::{
		Activation, Attention, Digits, Embed, EncoderTables, Heads, Linear, LinearWeights, Mask,
		Norm, Op, OpKind, Role, TakeRows,
	},
	Constant, Kind,
};

use crate::{
	plan::{quantise, FactorId, Layer, MatrixId, ModelParts, Plan, Planner},
	profile::Precision,
	source::{PooledRows, Pooling},
};

/// What the configuration says.
pub(crate) struct Encoder {
	pub(super) hidden: u32,
	pub(super) intermediate: u32,
	pub(super) layers: u16,
	pub(super) heads: u16,
	pub(super) vocabulary: u32,
	/// Rows of the table of positions.
	pub(super) positions: u32,
	/// Rows of the table of kinds.
	pub(super) kinds: u32,
	pub(super) eps: f32,
	pub(super) activation: Activation,
	pub(super) pooling: Pooling,
	/// Before every tensor's name in the source.
	pub(super) prefix: &'static str,
	/// Files read besides configuration and weights.
	pub(crate) files: Vec<String>,
}

/// The residual stream.
const STREAM: u8 = 0;
/// Codes of the row that linear layers read.
const CODES: u8 = 1;
const QUERY: u8 = 2;
const KEY: u8 = 3;
const VALUE: u8 = 4;
/// What comes out of attention, or of the wide layer.
const INNER: u8 = 5;

/// Tensors of heads that are not part of the encoder, and a constant that old versions stored.
fn is_ignored(name: &str) -> bool {
	let name = name.strip_prefix("bert.").unwrap_or(name);
	name == "embeddings.position_ids" || name.starts_with("pooler.") || name.starts_with("cls.")
}

/// A plan in the making.
struct Lowering<'e> {
	encoder: &'e Encoder,
	precision: &'e Precision,
	planner: Planner,
}

impl Encoder {
	/// The program with recipes for its weights.
	pub(crate) fn plan(&self, precision: &Precision, smooth: bool) -> Plan {
		let planner = Planner::new(smooth);
		let mut lowering = Lowering { encoder: self, precision, planner };
		lowering.embedding();
		let mut ops = lowering.attention();
		lowering.feed_forward(&mut ops);
		lowering.planner.block(self.layers, ops);
		lowering.planner.block(1, self.pooling_ops());
		lowering.planner.finish(ModelParts {
			kind: Kind::Embed,
			vocabulary: self.vocabulary,
			max_positions: super::max_positions(self.positions),
			rotations: Vec::new(),
			balance: None,
			ignored: is_ignored,
		})
	}

	fn pooling_ops(&self) -> Vec<Op> {
		let pool = match self.pooling.rows {
			PooledRows::Mean => OpKind::MeanPool { input: STREAM },
			PooledRows::First => OpKind::Take { input: STREAM, rows: TakeRows::First },
			PooledRows::Last => OpKind::Take { input: STREAM, rows: TakeRows::Last },
		};
		let mut ops = vec![Op { output: STREAM, kind: pool }];
		if self.pooling.normalise {
			let kind = OpKind::Normalise { input: STREAM, norm: Norm::L2 };
			ops.push(Op { output: STREAM, kind });
		}
		ops
	}
}

impl Lowering<'_> {
	/// The three tables and their norm.
	fn embedding(&mut self) {
		let e = self.encoder;
		// One digit for positions costs more than one digit for everything else, as some of their
		// channels reach far; and the table is small.
		let [words, positions, kinds] = [
			("words", "word_embeddings", e.vocabulary, self.precision.weights),
			("positions", "position_embeddings", e.positions, Digits::Two),
			("kinds", "token_type_embeddings", e.kinds, Digits::Two),
		]
		.map(|(name, source, rows, digits)| {
			let source = format!("{}embeddings.{source}.weight", e.prefix);
			self.planner.table(&format!("embedding.{name}"), source, (rows, e.hidden), digits).0
		});
		let embed = Embed { words, encoder: Some(EncoderTables { positions, kinds }) };
		let norm = self.norm("embedding.norm", "embeddings.LayerNorm", 1);
		let ops = vec![Op { output: STREAM, kind: OpKind::Embed(embed) }, norm];
		self.planner.block(1, ops);
	}

	/// Projections, attention, output projection, norm.
	fn attention(&mut self) -> Vec<Op> {
		let e = self.encoder;
		let square = (e.hidden, e.hidden);
		let codes = self.precision.activations;
		let input = self.planner.site_factor();
		let multipliers =
			self.planner.multipliers("layers.*.attention.multipliers", input, e.hidden, e.layers);
		let projections = ["query", "key", "value"].map(|name| {
			self.linear(
				&format!("attention.{name}"),
				&format!("attention.self.{name}"),
				square,
				input,
			)
		});
		self.planner.site(0, input, &projections.map(|(_, matrix)| matrix));
		let mut ops = vec![Op {
			output: CODES,
			kind: OpKind::Quantise(quantise(STREAM, multipliers, codes)),
		}];
		let places = [(QUERY, Role::Query), (KEY, Role::Key), (VALUE, Role::Value)];
		for ((register, role), (weights, _)) in places.into_iter().zip(projections) {
			ops.push(Op { output: register, kind: linear(CODES, weights, None, None) });
			let kind = OpKind::Heads(Heads {
				input: register,
				heads: e.heads,
				role,
				norm: None,
				rotation: None,
				digits: Digits::One,
			});
			ops.push(Op { output: register, kind });
		}
		ops.push(Op {
			output: INNER,
			kind: OpKind::Attention(Attention {
				query: QUERY,
				key: KEY,
				value: VALUE,
				constant: softmax_constant(e.hidden / u32::from(e.heads)).into(),
				mask: Mask::Full,
			}),
		});

		let inner = self.planner.site_factor();
		let multipliers = self.planner.multipliers(
			"layers.*.attention.output.multipliers",
			inner,
			e.hidden,
			e.layers,
		);
		let (output, matrix) =
			self.linear("attention.output", "attention.output.dense", square, inner);
		self.planner.site(ops.len(), inner, &[matrix]);
		let norm = self.norm(
			"layers.*.attention.norm",
			"encoder.layer.*.attention.output.LayerNorm",
			e.layers,
		);
		ops.extend([
			Op { output: CODES, kind: OpKind::Quantise(quantise(INNER, multipliers, codes)) },
			Op { output: STREAM, kind: linear(CODES, output, None, Some(STREAM)) },
			norm,
		]);
		ops
	}

	/// The wide layer, the narrow one, norm.
	fn feed_forward(&mut self, ops: &mut Vec<Op>) {
		let e = self.encoder;
		let (input, inner) = (self.planner.site_factor(), self.planner.site_factor());
		let outer = self.planner.multipliers(
			"layers.*.feed_forward.multipliers",
			input,
			e.hidden,
			e.layers,
		);
		let wide = (e.intermediate, e.hidden);
		let (up, up_matrix) = self.linear("feed_forward.up", "intermediate.dense", wide, input);
		let multipliers = self.planner.multipliers(
			"layers.*.feed_forward.down.multipliers",
			inner,
			e.intermediate,
			e.layers,
		);
		let narrow = (e.hidden, e.intermediate);
		let (down, down_matrix) = self.linear("feed_forward.down", "output.dense", narrow, inner);
		self.planner.site(ops.len(), input, &[up_matrix]);
		self.planner.site(ops.len() + 2, inner, &[down_matrix]);
		let norm =
			self.norm("layers.*.feed_forward.norm", "encoder.layer.*.output.LayerNorm", e.layers);
		let (codes, sensitive) = (self.precision.activations, self.precision.sensitive);
		ops.extend([
			Op { output: CODES, kind: OpKind::Quantise(quantise(STREAM, outer, codes)) },
			Op { output: INNER, kind: linear(CODES, up, Some(e.activation), None) },
			Op { output: CODES, kind: OpKind::Quantise(quantise(INNER, multipliers, sensitive)) },
			Op { output: STREAM, kind: linear(CODES, down, None, Some(STREAM)) },
			norm,
		]);
	}

	/// A norm of the stream.
	fn norm(&mut self, name: &str, source: &str, copies: u16) -> Op {
		let e = self.encoder;
		let [gain, bias] = [("gain", "weight"), ("bias", "bias")].map(|(entry, suffix)| {
			let source = format!("{}{source}.{suffix}", e.prefix);
			self.planner.vector(format!("{name}.{entry}"), source, e.hidden, copies, None)
		});
		let norm = Norm::Layer { gain, bias, eps: Constant::new(e.eps) };
		Op { output: STREAM, kind: OpKind::Normalise { input: STREAM, norm } }
	}

	fn linear(
		&mut self,
		name: &str,
		source: &str,
		shape: (u32, u32),
		column_factor: Option<FactorId>,
	) -> (LinearWeights, MatrixId) {
		let e = self.encoder;
		self.planner.linear(Layer {
			name: format!("layers.*.{name}"),
			source: format!("{}encoder.layer.*.{source}", e.prefix),
			shape,
			copies: e.layers,
			digits: self.precision.weights,
			grouped: self.precision.grouped,
			bias: true,
			row_scaling: None,
			column_factor,
		})
	}
}

const fn linear(
	input: u8,
	weights: LinearWeights,
	activation: Option<Activation>,
	residual: Option<u8>,
) -> OpKind {
	OpKind::Linear(Linear { input, weights, activation, residual })
}
