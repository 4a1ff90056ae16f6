//! Which coalitions gain by the rules of the market: none may.
//!
//! A model of the flows of money, without a chain: [`deal`] follows one job from the minting of its
//! vouchers to its end, and asks the pallets' own functions for every amount ([`rulebook`]). Each
//! [strategy](strategies) plays it in all its tactics, under the rules of [today](setting) and under
//! thousands of [other admitted ones](range), and the [books](books) say who has how much more or less
//! in the end. The [search] takes the greatest balance over all sets of roles; what is above zero must
//! be [known](known) with the change of the rules that ends it.
//!
//! ## What counts
//!
//! - Honest work is worth what it is paid, an honest answer what it costs: so honest trade is worth
//!   nothing to anybody here, and what a cheat saves is all that it is paid.
//! - Vouchers count at their reserve. What somebody else may pay for them is no gain by the rules.
//! - What depends on chance counts as it is expected. The chance of being caught is b·q·h, which the
//!   rules assume; nobody else looks.
//! - Fees of transactions count where the rules set them against each other, and as nothing elsewhere:
//!   a tactic that only fees keep from paying would be found.
//! - Whoever is in no coalition keeps to the rules and earns nothing here; the block author of a
//!   coalition earns the validators' whole share of what its coalition pays.

#![forbid(unsafe_code)]

pub mod books;
pub mod deal;
pub mod known;
pub mod limits;
pub mod page;
pub mod range;
pub mod roles;
pub mod rulebook;
pub mod search;
pub mod setting;
pub mod strategies;
