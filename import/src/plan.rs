//! What an import is going to write: a program, and for each entry of its table how it is made.

use assay_kernels_exact::{quantise::group_multipliers_len, NUMERICS_VERSION};
use assay_programs::{
	op::{Codes, Digits, LinearWeights, Quantise, Table},
	Block, Element, Kind, Op, Program, Tensor, TensorId,
};

/// A program with the recipes of its weights.
#[derive(Debug)]
pub(crate) struct Plan {
	/// What is run.
	pub(crate) program: Program,
	/// One per entry of the program's table.
	pub(crate) entries: Vec<Entry>,
	/// The matrices that recipes speak of.
	pub(crate) matrices: Vec<Matrix>,
	/// Where ranges can move from activations to weights.
	pub(crate) sites: Vec<Site>,
	/// Where ranges can move between queries and keys.
	pub(crate) balance: Option<Balance>,
	/// How many factors recipes name.
	pub(crate) factors: usize,
	/// Tensors of the source that are known not to be read.
	pub(crate) ignored: fn(&str) -> bool,
}

/// An entry of the program's table.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
	/// `*` stands for the number of the copy.
	pub(crate) name: String,
	/// How it is made.
	pub(crate) recipe: Recipe,
}

/// Index into [`Plan::matrices`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MatrixId(pub(crate) usize);

/// Index into the factors, see [`Scaling`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FactorId(pub(crate) usize);

/// How an entry is made. Scales and groups follow the codes of the same matrix at once, so that all
/// come from one reading.
#[derive(Clone, Debug)]
pub(crate) enum Recipe {
	/// Codes of a matrix.
	Codes(MatrixId),
	/// Scales of the rows of the matrix before.
	Scales,
	/// Packed multipliers of the groups of the matrix before.
	Groups,
	/// A vector as it is, but for its scaling.
	Vector(Vector),
	/// What a row is multiplied by before it is quantised: the inverse of a factor.
	Multipliers(FactorId),
}

/// A matrix of the source. In names, `*` stands for the number of the copy.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
	/// Its name there.
	pub(crate) source: String,
	pub(crate) rows: u32,
	pub(crate) columns: u32,
	pub(crate) copies: u16,
	/// Of its codes.
	pub(crate) digits: Digits,
	/// Whether groups of inputs have multipliers.
	pub(crate) grouped: bool,
	/// Of the elements of its rows.
	pub(crate) row_scaling: Option<Scaling>,
	/// Of the elements of its columns.
	pub(crate) column_scaling: Option<Scaling>,
}

/// A vector of the source.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
	/// Its name there.
	pub(crate) source: String,
	pub(crate) length: u32,
	pub(crate) scaling: Option<Scaling>,
}

/// Multiplication by a factor, of which there is an element for each element of what is scaled and a
/// vector for each copy. A factor that was not computed changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scaling {
	/// Which factor.
	pub(crate) factor: FactorId,
	/// Whether to divide instead.
	pub(crate) inverse: bool,
}

impl FactorId {
	pub(crate) const fn times(self) -> Scaling {
		Scaling { factor: self, inverse: false }
	}

	pub(crate) const fn divided(self) -> Scaling {
		Scaling { factor: self, inverse: true }
	}
}

/// A `Quantise` whose channels can be divided by a factor that the columns of the layers behind it
/// are multiplied by.
#[derive(Clone, Debug)]
pub(crate) struct Site {
	/// Where the quantisation stands: block and index in it.
	pub(crate) place: (usize, usize),
	/// The factor.
	pub(crate) factor: FactorId,
	/// The layers behind it.
	pub(crate) readers: Vec<MatrixId>,
}

/// Queries and keys whose product does not change when the rows of the one are multiplied and those
/// of the other divided, equally for the two channels of a rotated pair.
#[derive(Clone, Debug)]
pub(crate) struct Balance {
	pub(crate) query: Projection,
	pub(crate) key: Projection,
	/// Gain of the norm before both.
	pub(crate) gain: String,
	pub(crate) head_dim: u32,
}

/// A linear layer whose rows belong to heads.
#[derive(Clone, Debug)]
pub(crate) struct Projection {
	pub(crate) matrix: MatrixId,
	/// Name of the bias.
	pub(crate) bias: String,
	pub(crate) heads: u32,
	/// Scales the rows.
	pub(crate) factor: FactorId,
}

/// Collects a plan.
pub(crate) struct Planner {
	tensors: Vec<Tensor>,
	entries: Vec<Entry>,
	matrices: Vec<Matrix>,
	sites: Vec<Site>,
	factors: usize,
	blocks: Vec<Block>,
	smooth: bool,
}

/// A linear layer to be added.
pub(crate) struct Layer {
	/// Name of its entries, to which `.codes`, `.scales`, `.groups` and `.bias` are added.
	pub(crate) name: String,
	/// Name in the source, to which `.weight` and `.bias` are added.
	pub(crate) source: String,
	/// Outputs and inputs.
	pub(crate) shape: (u32, u32),
	/// How many there are.
	pub(crate) copies: u16,
	/// Of its weights.
	pub(crate) digits: Digits,
	/// Whether groups of inputs have multipliers.
	pub(crate) grouped: bool,
	/// Whether it has a bias.
	pub(crate) bias: bool,
	/// Of its rows.
	pub(crate) row_scaling: Option<Scaling>,
	/// Of its columns: the factor of the quantisation before it.
	pub(crate) column_factor: Option<FactorId>,
}

impl Planner {
	/// Whether `smooth`, sites get factors; else they are recorded without effect.
	pub(crate) const fn new(smooth: bool) -> Self {
		Self {
			tensors: Vec::new(),
			entries: Vec::new(),
			matrices: Vec::new(),
			sites: Vec::new(),
			factors: 0,
			blocks: Vec::new(),
			smooth,
		}
	}

	/// A new factor.
	pub(crate) fn factor(&mut self) -> FactorId {
		self.factors += 1;
		FactorId(self.factors - 1)
	}

	/// Adds a vector `NAME` of f32.
	pub(crate) fn vector(
		&mut self,
		name: impl Into<String>,
		source: impl Into<String>,
		length: u32,
		copies: u16,
		scaling: Option<Scaling>,
	) -> TensorId {
		let vector = Vector { source: source.into(), length, scaling };
		self.entry(name.into(), Recipe::Vector(vector), Tensor::vector(length).repeated(copies))
	}

	/// Adds a linear layer.
	pub(crate) fn linear(&mut self, layer: Layer) -> (LinearWeights, MatrixId) {
		let Layer { name, source, shape: (rows, columns), copies, digits, grouped, .. } = layer;
		let matrix = self.matrix(Matrix {
			source: format!("{source}.weight"),
			rows,
			columns,
			copies,
			digits,
			grouped,
			row_scaling: layer.row_scaling,
			column_scaling: layer.column_factor.map(FactorId::times),
		});
		let Table { codes, scales } = self.codes(&name, matrix);
		let groups = grouped.then(|| {
			let columns =
				u32::try_from(group_multipliers_len(columns as usize)).unwrap_or(u32::MAX);
			let tensor = Tensor { element: Element::U8, rows, columns, copies };
			self.entry(format!("{name}.groups"), Recipe::Groups, tensor)
		});
		let bias = layer.bias.then(|| {
			let source = format!("{source}.bias");
			self.vector(format!("{name}.bias"), source, rows, copies, layer.row_scaling)
		});
		(LinearWeights { codes, scales, groups, bias }, matrix)
	}

	/// Adds an embedding table.
	pub(crate) fn table(
		&mut self,
		name: &str,
		source: String,
		(rows, columns): (u32, u32),
		digits: Digits,
	) -> (Table, MatrixId) {
		let matrix = self.matrix(Matrix {
			source,
			rows,
			columns,
			copies: 1,
			digits,
			grouped: false,
			row_scaling: None,
			column_scaling: None,
		});
		(self.codes(name, matrix), matrix)
	}

	/// Records that the operation `op` of the block that is added next divides its channels by a
	/// factor, by whatever means, and which layers make up for it.
	pub(crate) fn site(&mut self, op: usize, factor: Option<FactorId>, readers: &[MatrixId]) {
		if let Some(factor) = factor {
			let place = (self.blocks.len(), op);
			self.sites.push(Site { place, factor, readers: readers.to_vec() });
		}
	}

	/// A factor for a site, if channels are smoothed at all.
	pub(crate) fn site_factor(&mut self) -> Option<FactorId> {
		self.smooth.then(|| self.factor())
	}

	/// Adds the multipliers of a quantisation that divide its channels by the factor.
	pub(crate) fn multipliers(
		&mut self,
		name: &str,
		factor: Option<FactorId>,
		columns: u32,
		copies: u16,
	) -> Option<TensorId> {
		let tensor = Tensor::vector(columns).repeated(copies);
		factor.map(|factor| self.entry(name.into(), Recipe::Multipliers(factor), tensor))
	}

	/// Adds a block.
	pub(crate) fn block(&mut self, repeat: u16, ops: Vec<Op>) {
		self.blocks.push(Block { repeat, ops });
	}

	/// The plan for a model of this kind.
	pub(crate) fn finish(self, model: ModelParts) -> Plan {
		let ModelParts { kind, vocabulary, max_positions, rotations, balance, ignored } = model;
		let numerics_version = NUMERICS_VERSION;
		let (tensors, blocks) = (self.tensors, self.blocks);
		let program = Program {
			numerics_version,
			kind,
			vocabulary,
			max_positions,
			rotations,
			tensors,
			blocks,
		};
		let Self { entries, matrices, sites, factors, .. } = self;
		Plan { program, entries, matrices, sites, balance, factors, ignored }
	}

	fn matrix(&mut self, matrix: Matrix) -> MatrixId {
		self.matrices.push(matrix);
		MatrixId(self.matrices.len() - 1)
	}

	/// Codes and scales of a matrix.
	fn codes(&mut self, name: &str, id: MatrixId) -> Table {
		let &Matrix { rows, columns, copies, digits, .. } = &self.matrices[id.0];
		let element = match digits {
			Digits::One => Element::I8,
			Digits::Two => Element::I16,
		};
		let codes = Tensor { element, rows, columns, copies };
		let scales = Tensor::vector(rows).repeated(copies);
		Table {
			codes: self.entry(format!("{name}.codes"), Recipe::Codes(id), codes),
			scales: self.entry(format!("{name}.scales"), Recipe::Scales, scales),
		}
	}

	fn entry(&mut self, name: String, recipe: Recipe, tensor: Tensor) -> TensorId {
		// A table has some thirty entries; how many layers there are does not matter.
		let id = u16::try_from(self.tensors.len()).unwrap_or(u16::MAX);
		self.tensors.push(tensor);
		self.entries.push(Entry { name, recipe });
		TensorId(id)
	}
}

/// What a program has besides tensors and blocks.
pub(crate) struct ModelParts {
	pub(crate) kind: Kind,
	pub(crate) vocabulary: u32,
	pub(crate) max_positions: u32,
	pub(crate) rotations: Vec<assay_programs::program::Rotation>,
	pub(crate) balance: Option<Balance>,
	pub(crate) ignored: fn(&str) -> bool,
}

/// A quantisation without norm.
pub(crate) const fn quantise(input: u8, multipliers: Option<TensorId>, codes: Codes) -> Quantise {
	Quantise { input, norm: None, multipliers, codes }
}

impl Plan {
	/// A matrix.
	pub(crate) fn matrix(&self, id: MatrixId) -> &Matrix {
		&self.matrices[id.0]
	}

	/// Names of the table's entries.
	pub(crate) fn names(&self) -> Vec<&str> {
		self.entries.iter().map(|entry| entry.name.as_str()).collect()
	}
}

/// The name of one copy.
pub(crate) fn copy_name(name: &str, copy: u16) -> String {
	name.replacen('*', &copy.to_string(), 1)
}
