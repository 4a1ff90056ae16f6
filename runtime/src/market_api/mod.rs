//! Where the money of an account lies, over all pallets.
//!
//! What can be asked of one pallet is a view function of it, which clients find in the metadata:
//!
//! | question | view function |
//! | --- | --- |
//! | what a job would cost, what it promises, how far its answer can be relied on | `Jobs.quote`, `Jobs.job`, `Jobs.answer_security` |
//! | who serves a model, and for how much | `Providers.offers` |
//! | which vouchers there are, and what they cost | `Vouchers.all_series`, `Vouchers.quote_mint`, `Vouchers.quotes` |
//! | what was burned and minted, and why | `Burn.issuance`, `Burn.supply_of_era` |
//!
//! Here is only what no pallet knows alone. It reads whole maps, so it is for nodes that answer
//! questions and never for a transaction.

mod positions;
mod types;

pub use types::{Place, Position, Release};

#[allow(missing_docs, reason = "the macro generates items beside those that it is given")]
mod declaration {
	use super::Position;
	use alloc::vec::Vec;
	use codec::Codec;

	sp_api::decl_runtime_apis! {
		/// Where the money of an account lies.
		pub trait AssayMarketApi<AccountId>
		where
			AccountId: Codec,
		{
			/// Every amount that is an account's or waits for it, with the reason why it lies there and
			/// what sets it free.
			///
			/// What lies on the account itself (`Place::is_on_account`) sums to its total balance of
			/// each asset.
			fn positions(who: AccountId) -> Vec<Position>;
		}
	}
}

pub use declaration::*;

use crate::AccountId;
use alloc::vec::Vec;

/// See [`AssayMarketApi`].
pub(crate) fn positions(who: &AccountId) -> Vec<Position> {
	positions::of(who)
}
