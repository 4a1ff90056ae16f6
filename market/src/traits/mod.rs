//! What one pallet may ask of another.
//!
//! Every change of money says where it comes from and where it goes. A function that fails has
//! changed nothing, when it is called inside a dispatchable.

mod bonds;
mod clock;
mod exposure;
mod jobs;
mod models;
mod money;
mod offences;
mod split;
mod vouchers;

pub use bonds::{Bonds, Offer, OfferSearch, OpenStake, Subscribed};
pub use clock::Clock;
pub use exposure::{ExposureRule, ExposureTerms};
pub use jobs::{Disputable, DisputeTerms, Verdict};
pub use models::{ModelFacts, ModelKind, ModelStatus, Models, Run};
pub use money::{
	BurnReason, Exchange, MintReason, PayoutReason, Payouts, Settlement, Shares, SupplyLedger,
};
pub use offences::{LostGame, Offence, OffenceKind, Offences, PenaltyTerms, SlashShares};
pub use split::{Split, SplitTerms};
pub use vouchers::{Redeemed, SeriesTerms, Vouchers};
