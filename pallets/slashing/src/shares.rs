//! How a slash is divided.

use assay_market::{traits::SlashShares, Balance};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;

/// The parts of a slash. They are the whole of it, to the unit.
#[derive(
	Clone,
	Copy,
	Debug,
	Default,
	PartialEq,
	Eq,
	Encode,
	Decode,
	DecodeWithMemTracking,
	MaxEncodedLen,
	TypeInfo,
)]
pub struct Parts {
	/// The challenger's costs.
	pub costs: Balance,
	/// The user's compensation.
	pub compensation: Balance,
	/// The challenger's reward.
	pub reward: Balance,
	/// The insurance's share.
	pub insurance: Balance,
	/// What burns.
	pub burned: Balance,
}

/// Who has a claim on a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claims {
	/// A challenger's costs by formula; `None` without a challenger.
	pub challenger_costs: Option<Balance>,
	/// Most that the user may be compensated by.
	pub price: Balance,
}

impl Parts {
	/// Divides what was taken. Whoever comes first is served first, while at least
	/// [`burn_at_least`](SlashShares::burn_at_least) of the whole is left to burn.
	pub fn of(taken: Balance, claims: Claims, shares: &SlashShares) -> Self {
		let mut left = taken.saturating_sub(shares.burn_at_least.mul_ceil(taken));
		let mut part = |wanted: Balance| {
			let part = wanted.min(left);
			left = left.saturating_sub(part);
			part
		};
		let costs = claims.challenger_costs.unwrap_or_default();
		let costs = part(costs.min(shares.costs_at_most.mul_floor(taken)));
		let compensation = part(claims.price);
		let reward = match claims.challenger_costs {
			Some(_) => part(shares.reward.mul_floor(taken).min(shares.reward_at_most)),
			None => 0,
		};
		let insurance = part(shares.insurance.mul_floor(taken));
		let given = costs.saturating_add(compensation).saturating_add(reward);
		let burned = taken.saturating_sub(given.saturating_add(insurance));
		Self { costs, compensation, reward, insurance, burned }
	}

	/// All parts together.
	pub fn total(&self) -> Option<Balance> {
		[self.compensation, self.reward, self.insurance, self.burned]
			.into_iter()
			.try_fold(self.costs, Balance::checked_add)
	}
}
