//! # Payouts
//!
//! Pull payments: what the market owes an account waits here until it is claimed.
//!
//! ## Pallet API
//!
//! - [`claim`](Pallet::claim): the owner takes what waits for it, to any account.
//! - [`claim_for`](Pallet::claim_for): anybody lets an account have what waits for it.
//! - View functions: [`claimable`](Pallet::claimable) lists what waits for an account, with
//!   reasons; [`waiting`](Pallet::waiting) is the sum for everybody;
//!   [`pallet_account`](Pallet::pallet_account) holds the money.
//! - Other pallets pay through [`assay_market::traits::Payouts`].
//!
//! ## Overview
//!
//! Settling a job pays several parties. If it sent the money, one account that cannot receive it
//! (dead and the amount below the existential deposit, blocked in an asset, out of references)
//! would stop the job from settling, or lose its money. So nobody is sent anything: the money moves
//! to an account without a key, the ledger notes whose it is and why, and the owner takes it when
//! it can.
//!
//! ## Terminology
//!
//! - **Quote**: what a price is counted in, the native token or an asset.
//! - **Claim**: what waits for an account in one quote, by reason.
//! - **Ledger**: all claims.
//! - **Pallet's account**: the keyless account that holds what the ledger promises.
//!
//! ## Design
//!
//! | event | ledger | money |
//! | --- | --- | --- |
//! | a pallet pays | the receiver's claim grows under its reason | from the payer to the pallet's account |
//! | `claim`, `claim_for` | all reasons of the quote are struck | from the pallet's account to the receiver |
//! | a provider rotates its account | the claim changes its owner | stays |
//! | somebody sends money to the pallet's account | nothing | is a gift that nobody can take out |
//!
//! A claim is one storage item for all reasons of a quote: settling a job pays the same provider
//! under several of them, and reads and writes the item once.
//!
//! The pallet's account lives on the existential deposit that genesis mints for it. The ledger does
//! not count it, and no payment may touch it, so the account never dies, whoever claims last.
//!
//! ## What if
//!
//! - **A receiver cannot hold its money?** `claim` fails with the reason, and the claim stays. Its
//!   owner may name another account.
//! - **An asset is frozen?** The claim stays until it is thawed.
//! - **An asset has a minimum balance above one?** Its last units could not leave the account
//!   without the rest being lost as dust; such a claim fails as
//!   [`DustWouldBeLost`](Error::DustWouldBeLost), until more of the asset arrives or somebody gives
//!   the pallet's account the minimum once.
//! - **The admin of an asset takes it from the pallet's account?** That power lies outside of the
//!   chain's rules: claims in this asset fail and **account_covers_ledger** is broken. Register only
//!   assets whose admin is trusted not to.
//! - **Quotes become many?** One account may have claims in at most [`Config::MaxQuotes`] assets;
//!   payments to it in one more fail until it claims one of them, or somebody does so for it. The
//!   bound keeps a rotation, which walks over them, within its weight. Payments to others, and in the
//!   native token, never fail for it, however many assets were used and removed and whoever cannot
//!   receive what waits.
//!
//! ## Properties
//!
//! - **account_covers_ledger**: of every quote, the pallet's account holds at least what the ledger
//!   promises; of the native token also the existential deposit.
//! - **totals_match_entries**: the total of every quote is the sum of its claims, no claim is empty,
//!   and no account has claims in more assets than allowed.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod ledger;
#[cfg(test)]
mod mock;
mod money;
#[cfg(test)]
mod tests;
#[cfg(any(feature = "try-runtime", feature = "std"))]
mod try_state;
mod types;
pub mod weights;

pub use pallet::*;
pub use types::{Claim, Claimable, REASONS_MAX};
pub use weights::WeightInfo;

/// See the crate's documentation.
#[frame_support::pallet]
#[allow(
	clippy::cast_possible_truncation,
	reason = "the derived encodings number the variants of an enum by a cast"
)]
pub mod pallet {
	use super::*;
	use alloc::vec::Vec;
	use assay_market::{traits::PayoutReason, AssetId, Balance, Price, Quote};
	use core::marker::PhantomData;
	use frame_support::{
		pallet_prelude::*,
		traits::{fungible, fungibles},
		PalletId,
	};
	use frame_system::pallet_prelude::*;

	const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

	/// The pallet.
	#[pallet::pallet]
	#[pallet::storage_version(STORAGE_VERSION)]
	pub struct Pallet<T>(_);

	/// What the money is and where it lies.
	#[pallet::config]
	pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
		/// Weights of the calls.
		type WeightInfo: WeightInfo;

		/// The native token.
		type Native: fungible::Mutate<Self::AccountId, Balance = Balance>;

		/// The assets that prices may be quoted in.
		type Assets: fungibles::Mutate<Self::AccountId, AssetId = AssetId, Balance = Balance>;

		/// Name of the account that holds the money.
		#[pallet::constant]
		type PalletId: Get<PalletId>;

		/// Most assets in which one account has claims: at least as many as vouchers are quoted in at
		/// once.
		#[pallet::constant]
		type MaxQuotes: Get<u32>;
	}

	/// What waits for an account in a quote, by reason. Paid for by whoever pays the account: an
	/// entry exists only as long as money lies behind it.
	// Blake2_128Concat: accounts are chosen by users. Twox64Concat: quotes are registered, not
	// chosen.
	#[pallet::storage]
	pub type Claims<T: Config> =
		StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Twox64Concat, Quote, Claim, ValueQuery>;

	/// What waits for all accounts in a quote.
	// Twox64Concat: as above.
	#[pallet::storage]
	pub type Totals<T: Config> = StorageMap<_, Twox64Concat, Quote, Balance, OptionQuery>;

	/// Nothing to choose: genesis gives the pallet's account its existential deposit.
	#[pallet::genesis_config]
	#[derive(frame_support::DefaultNoBound)]
	pub struct GenesisConfig<T: Config> {
		/// Not part of the configuration.
		#[serde(skip)]
		pub _config: PhantomData<T>,
	}

	#[pallet::genesis_build]
	impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
		fn build(&self) {
			let endowed = Pallet::<T>::endow();
			assert!(endowed.is_ok(), "the account of payouts takes no deposit: {endowed:?}");
		}
	}

	/// What happened.
	#[pallet::event]
	#[pallet::generate_deposit(pub(crate) fn deposit_event)]
	pub enum Event<T: Config> {
		/// Money waits for an account from now on.
		Paid {
			/// Who paid.
			from: T::AccountId,
			/// Who may claim it.
			to: T::AccountId,
			/// How much, of what.
			price: Price,
			/// Why.
			reason: PayoutReason,
		},
		/// Everything that waited for an account in a quote was claimed.
		Claimed {
			/// Whose claim it was.
			owner: T::AccountId,
			/// Who received it.
			to: T::AccountId,
			/// How much, of what.
			price: Price,
		},
		/// What waited for one account waits for another from now on.
		Rotated {
			/// Whose claims they were.
			from: T::AccountId,
			/// Whose they are.
			to: T::AccountId,
		},
	}

	/// Why something was refused.
	#[pallet::error]
	pub enum Error<T> {
		/// Nothing waits for the account in this quote. Read `claimable` before claiming.
		NothingToClaim,
		/// The receiver has claims in as many assets as are allowed. Claim what waits in one of them.
		TooManyQuotes,
		/// A sum does not fit. Claim what waits before paying more.
		Overflow,
		/// The quote's asset does not exist. Pay in an asset that does.
		UnknownAsset,
		/// The asset, or the payer's account in it, is frozen. Try again when it is thawed.
		Frozen,
		/// The payer has less, not counting what must stay for its account to live. Pay less.
		InsufficientFunds,
		/// The payer's remaining units of the asset would be fewer than its minimum balance and be
		/// lost. Give the payer that minimum first.
		DustWouldBeLost,
		/// The receiver has no account, and the amount is too small to create one. Claim to an
		/// account that lives, or when more has gathered.
		ReceiverBelowMinimum,
		/// The receiver cannot open an account in the asset: it holds no native tokens, or too many
		/// assets. Give it native tokens, or claim to another account.
		ReceiverCannotCreate,
		/// The receiver is blocked in the asset. Claim to another account.
		ReceiverBlocked,
	}

	#[pallet::call(weight(<T as Config>::WeightInfo))]
	impl<T: Config> Pallet<T> {
		/// Takes everything that waits for the caller in a quote.
		///
		/// ## Dispatch Origin
		/// Signed by the owner of the claim.
		///
		/// ## Details
		/// All reasons at once. Sends it to `to`, or to the caller.
		///
		/// ## Errors
		/// [`Error::NothingToClaim`]; or why the money cannot move, in which case the claim stays:
		/// [`Error::UnknownAsset`], [`Error::Frozen`], [`Error::InsufficientFunds`],
		/// [`Error::DustWouldBeLost`], [`Error::ReceiverBelowMinimum`],
		/// [`Error::ReceiverCannotCreate`], [`Error::ReceiverBlocked`], [`Error::Overflow`].
		///
		/// ## Events
		/// [`Event::Claimed`].
		#[pallet::call_index(0)]
		pub fn claim(
			origin: OriginFor<T>,
			quote: Quote,
			to: Option<T::AccountId>,
		) -> DispatchResult {
			let owner = ensure_signed(origin)?;
			let to = to.unwrap_or_else(|| owner.clone());
			Self::do_claim(&owner, &to, quote)
		}

		/// Sends an account everything that waits for it in a quote.
		///
		/// ## Dispatch Origin
		/// Signed by anybody, who pays the fee: for owners that cannot sign, such as the treasury,
		/// or cannot pay fees yet.
		///
		/// ## Details
		/// As [`Pallet::claim`], to the owner itself.
		///
		/// ## Errors
		/// As [`Pallet::claim`].
		///
		/// ## Events
		/// [`Event::Claimed`].
		#[pallet::call_index(1)]
		pub fn claim_for(
			origin: OriginFor<T>,
			owner: T::AccountId,
			quote: Quote,
		) -> DispatchResult {
			ensure_signed(origin)?;
			Self::do_claim(&owner, &owner, quote)
		}
	}

	#[pallet::view_functions]
	impl<T: Config> Pallet<T> {
		/// Everything that waits for an account, by quote and reason.
		pub fn claimable(owner: T::AccountId) -> Vec<Claimable> {
			Claims::<T>::iter_prefix(&owner)
				.flat_map(|(quote, claim)| {
					claim.into_iter().map(move |(reason, amount)| Claimable {
						price: Price { quote, amount },
						reason,
					})
				})
				.collect()
		}

		/// What waits for all accounts in a quote.
		pub fn waiting(quote: Quote) -> Balance {
			Totals::<T>::get(quote).unwrap_or_default()
		}

		/// The account that holds what waits, besides its existential deposit.
		pub fn pallet_account() -> T::AccountId {
			Self::account()
		}
	}

	#[pallet::hooks]
	impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
		fn integrity_test() {
			assert!(T::MaxQuotes::get() > 0, "MaxQuotes is zero: no asset could ever be paid");
		}

		#[cfg(feature = "try-runtime")]
		fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
			Self::do_try_state()
		}
	}

	impl<T: Config> assay_market::traits::Payouts<T::AccountId> for Pallet<T> {
		fn pay(
			from: &T::AccountId,
			to: &T::AccountId,
			price: Price,
			reason: PayoutReason,
		) -> DispatchResult {
			Self::do_pay(from, to, price, reason)
		}

		fn rotate(from: &T::AccountId, to: &T::AccountId) -> DispatchResult {
			Self::do_rotate(from, to)
		}
	}
}
