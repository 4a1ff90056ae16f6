//! The governed figures, set as a whole.

use assay_market::{manifest::Manifest, Balance, Tick};
use assay_programs::limits::MAX_WITNESS;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::PalletError;
use scale_info::TypeInfo;

/// The governed figures. A request keeps those of the block in which it was opened, a deposit is
/// returned as it was taken, an attestation risks what it was made for.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Parameters {
	/// The least that a manifest may demand as its providers' bond. Raised later, it also holds for
	/// models that demand less.
	pub min_bond_floor: Balance,
	/// Most bytes of trace per compute unit, so that a trace can be demanded in a time that follows
	/// from the price.
	pub max_trace_bytes_per_unit: u64,
	/// Deposit of a model, whatever its size.
	pub deposit_base: Balance,
	/// Deposit for each byte of a manifest.
	pub deposit_per_byte: Balance,
	/// Deposit of an entry of a curator's list.
	pub curation_deposit: Balance,
	/// Fee of a request of weights, whatever the leaf: no more than [`PostingCost::base`].
	pub request_fee_base: Balance,
	/// Fee for each byte of the leaf and of its path: no more than [`PostingCost::per_byte`]. With each open request of a model the next one costs twice as much;
	/// what it costs beyond the fee burns when it is answered.
	pub request_fee_per_byte: Balance,
	/// Ticks in which a request has to be answered.
	pub request_ticks: Tick,
	/// What an attester risks by silence. It is bound in the attester's bond while it attests.
	pub silence_exposure: Balance,
	/// Ticks between the announcement of a deprecation and its effect.
	pub notice_ticks: Tick,
}

/// What a transaction that posts a leaf costs at the least, whatever the demand for blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostingCost {
	/// Any transaction.
	pub base: Balance,
	/// Each of its bytes.
	pub per_byte: Balance,
}

/// Which rule a set of parameters breaks.
#[derive(
	Clone,
	Copy,
	Debug,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
	PalletError,
)]
pub enum ParameterFault {
	/// No trace would be admitted: `max_trace_bytes_per_unit` must be at least 1.
	#[codec(index = 0)]
	NoTrace,
	/// State would cost nothing: `deposit_per_byte` and `curation_deposit` must be at least 1.
	#[codec(index = 1)]
	FreeState,
	/// To ask for everything would cost nothing: `request_fee_base` must be at least 1.
	#[codec(index = 2)]
	FreeRequests,
	/// Nobody could answer: `request_ticks` must be at least 1.
	#[codec(index = 3)]
	NoTimeToAnswer,
	/// Silence would be cheaper than to give up a fee: `silence_exposure` must exceed the fee of the
	/// greatest leaf.
	#[codec(index = 4)]
	CheapSilence,
	/// Users would have no notice: `notice_ticks` must be at least 1.
	#[codec(index = 5)]
	NoNotice,
	/// The greatest deposit or fee is no number: lower the base, or the price of a byte.
	#[codec(index = 6)]
	Overflow,
	/// Attesters would earn by withholding weights elsewhere: `request_fee_base` and
	/// `request_fee_per_byte` must not exceed what posting costs.
	#[codec(index = 7)]
	PaidWithholding,
}

impl Parameters {
	/// Checks the rules between the figures, on a chain where posting costs so much.
	///
	/// # Errors
	/// The first rule that is broken.
	pub fn validate(&self, posting: &PostingCost) -> Result<(), ParameterFault> {
		let rule = |holds: bool, fault| if holds { Ok(()) } else { Err(fault) };
		rule(self.max_trace_bytes_per_unit > 0, ParameterFault::NoTrace)?;
		rule(self.deposit_per_byte > 0 && self.curation_deposit > 0, ParameterFault::FreeState)?;
		rule(self.request_fee_base > 0, ParameterFault::FreeRequests)?;
		rule(self.request_ticks > 0, ParameterFault::NoTimeToAnswer)?;
		rule(self.notice_ticks > 0, ParameterFault::NoNotice)?;
		let greatest_deposit =
			u32::try_from(Manifest::max_encoded_len()).ok().and_then(|bytes| self.deposit(bytes));
		rule(greatest_deposit.is_some(), ParameterFault::Overflow)?;
		let greatest_fee = self.request_fee(MAX_WITNESS).ok_or(ParameterFault::Overflow)?;
		rule(self.silence_exposure > greatest_fee, ParameterFault::CheapSilence)?;
		let covered =
			self.request_fee_base <= posting.base && self.request_fee_per_byte <= posting.per_byte;
		rule(covered, ParameterFault::PaidWithholding)
	}

	/// The deposit of a model whose manifest has so many bytes; `None` on overflow.
	pub fn deposit(&self, bytes: u32) -> Option<Balance> {
		self.deposit_per_byte.checked_mul(bytes.into())?.checked_add(self.deposit_base)
	}

	/// What who posts a leaf earns that has, with its path, so many bytes; `None` on overflow.
	pub fn request_fee(&self, bytes: u64) -> Option<Balance> {
		self.request_fee_per_byte.checked_mul(bytes.into())?.checked_add(self.request_fee_base)
	}
}
