//! What one pallet may ask of another.
//!
//! Every change of money says where it comes from and where it goes. A function that fails has
//! changed nothing, when it is called inside a dispatchable.

mod audits;
mod bonds;
mod clock;
mod exposure;
mod games;
mod jobs;
mod models;
mod money;
mod offences;
mod split;
mod vouchers;

pub use audits::{AuditRule, Auditable, Audits};
pub use bonds::{Bonds, Offer, OfferSearch, OpenStake, Subscribed};
pub use clock::Clock;
pub use exposure::{ExposureRule, ExposureTerms};
pub use games::{ClaimEnd, Finding, GameNotices, OpenGame, TraceClaim};
pub use jobs::{Disputable, DisputeTerms, OpenVersions, Verdict};
pub use models::{ModelFacts, ModelKind, ModelStatus, Models, Run};
pub use money::{
	BurnReason, Exchange, MintReason, PayoutReason, Payouts, Settlement, Shares, SupplyLedger,
};
pub use offences::{LostGame, Offence, OffenceKind, Offences, PenaltyTerms, SlashShares};
pub use split::{Split, SplitTerms};
pub use vouchers::{Redeemed, SeriesTerms, Vouchers};
