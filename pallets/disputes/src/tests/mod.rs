//! Tests, by what they are about.
//!
//! | file | about |
//! | --- | --- |
//! | `audits` | claims of drawn auditors |
//! | `challenge` | claims: what they cost, when they are taken, what a flood of them does |
//! | `endings` | cases whose jobs end without them, what cannot be paid, parameters |
//! | `extension` | which moves the pool takes |
//! | `games` | games played to the end: who wins, what moves |
//! | `griefing` | what it costs to be a nuisance, and what damage that does |
//! | `histories` | random histories, with and without somebody who moves for the truth |
//! | `hostile` | what dishonest parties try |
//! | `moves` | openings, witnesses, clocks, what parties read |
//! | `properties` | each promise, broken |
//! | `silences` | every pair of silences |
//! | `traces` | the provider's trace and the queue of those it owes |
//! | `versions` | which code may become the chain's |

mod audits;
mod challenge;
mod endings;
mod extension;
mod games;
mod griefing;
mod histories;
mod hostile;
mod moves;
mod properties;
mod silences;
mod traces;
mod versions;
