//! Every movement of money: fees are set aside, paid or given up; stakes are unbound and slashed.

use assay_market::{
	traits::{Bonds, Offence, OffenceKind, Offences, PayoutReason, Payouts, Settlement},
	Balance, JobId, ModelId, Price, ProviderId, Quote,
};
use frame_support::{
	defensive,
	dispatch::DispatchResult,
	storage::with_storage_layer,
	traits::{
		fungible::{Inspect, Mutate},
		tokens::{Fortitude, Preservation},
		Defensive, Get,
	},
};
use sp_runtime::{
	traits::{AccountIdConversion, Convert},
	Perbill,
};

use crate::{parameters::AuditParameters, Audit, Config, Event, Pallet, Promised, WeightInfo};

/// What an auditor is punished for, and by how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Penalty {
	kind: OffenceKind,
	/// What is taken.
	amount: Balance,
	/// What slashing computes that from.
	exposure: Balance,
}

/// Bytes of a call that seals: its job, commitment and hash, a signature and the extensions.
const SEAL_BYTES: u32 = 250;
/// Bytes of a call that reveals, with the longest path.
const REVEAL_BYTES: u32 = 5_200;

impl<T: Config> Pallet<T> {
	/// The account on which fees wait.
	pub fn account() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	/// Gives the account the existential deposit that no ledger counts.
	pub(crate) fn endow() -> DispatchResult {
		let minimum = T::Currency::minimum_balance();
		if T::Currency::balance(&Self::account()) < minimum {
			T::Currency::mint_into(&Self::account(), minimum)?;
		}
		Ok(())
	}

	/// What an account has to spend.
	pub(crate) fn spendable(account: &T::AccountId) -> Balance {
		T::Currency::reducible_balance(account, Preservation::Preserve, Fortitude::Polite)
	}

	/// The fee for checking an answer of this price: a part of the price, and what the two
	/// transactions cost.
	pub(crate) fn fee(parameters: &AuditParameters, audited: Perbill, price: Balance) -> Balance {
		let treasury = T::Settlement::terms().split.treasury;
		let share = parameters.fee_share_within(audited, treasury);
		let seal = T::CallFee::convert((T::WeightInfo::seal(), SEAL_BYTES));
		let reveal = T::CallFee::convert((T::WeightInfo::reveal(), REVEAL_BYTES));
		share.mul_floor(price).saturating_add(seal).saturating_add(reveal)
	}

	/// Sets a fee aside. What the account lacks comes from the treasury, and what the treasury
	/// lacks is not promised. Returns what is.
	pub(crate) fn promise(fee: Balance) -> Balance {
		let account = Self::account();
		let promised = Promised::<T>::get();
		let lacking = fee.saturating_sub(Self::spendable(&account).saturating_sub(promised));
		let treasury = T::Treasury::get();
		let help = lacking.min(Self::spendable(&treasury));
		if help > 0 {
			// What is spendable can be moved.
			T::Currency::transfer(&treasury, &account, help, Preservation::Preserve)
				.defensive()
				.ok();
		}
		let fee = fee.min(Self::spendable(&account).saturating_sub(promised));
		Promised::<T>::put(promised.saturating_add(fee));
		fee
	}

	/// A fee that was promised is free again.
	pub(crate) fn give_up(fee: Balance) {
		Promised::<T>::mutate(|promised| *promised = promised.saturating_sub(fee));
	}

	/// Lets an auditor's owner claim a fee that was promised.
	pub(crate) fn pay(job: &JobId, auditor: ProviderId, fee: Balance) {
		Self::give_up(fee);
		if fee == 0 {
			return;
		}
		let Some(owner) = T::Bonds::owner(auditor) else {
			defensive!("who has a stake has an owner");
			return;
		};
		let price = Price { quote: Quote::Native, amount: fee };
		let paid = with_storage_layer(|| {
			T::Payouts::pay(&Self::account(), &owner, price, PayoutReason::AuditFee)
		});
		match paid {
			Ok(()) => Self::deposit_event(Event::Paid { job: *job, auditor, fee }),
			Err(error) => Self::deposit_event(Event::NotPaid { job: *job, auditor, fee, error }),
		}
	}

	/// Frees a part of a stake.
	pub(crate) fn unbind(auditor: ProviderId, model: &ModelId, amount: Balance) {
		if amount > 0 {
			// What was bound can be unbound.
			T::Bonds::pledge(auditor, model, amount, false).defensive().ok();
		}
	}

	/// Silence: a small penalty, which burns.
	pub(crate) fn silence(audit: &Audit<T::AccountId>) -> Penalty {
		let amount = audit.terms.silence_penalty;
		Penalty { kind: OffenceKind::Silence, amount, exposure: amount }
	}

	/// A signed falsehood: a part of the job's exposure, which burns.
	pub(crate) fn falsehood(audit: &Audit<T::AccountId>) -> Penalty {
		let exposure = audit.terms.exposure;
		let amount = audit.terms.penalty.false_audit.mul_ceil(exposure);
		Penalty { kind: OffenceKind::FalseAudit, amount, exposure }
	}

	/// Takes a penalty from what an auditor had at stake. It is unbound just before, so that
	/// slashing finds it.
	pub(crate) fn punish(
		job: &JobId,
		audit: &Audit<T::AccountId>,
		auditor: ProviderId,
		penalty: Penalty,
	) {
		let Penalty { kind, amount, exposure } = penalty;
		let is_silence = kind == OffenceKind::Silence;
		// Who fell silent is not drawn again before it says that it is back.
		Self::disengage(&audit.model, auditor, audit.terms.at_risk, amount, is_silence);
		Self::unbind(auditor, &audit.model, amount);
		let offence = Offence {
			kind,
			provider: auditor,
			model: audit.model,
			job: Some(*job),
			numerics_version: audit.terms.numerics_version,
			exposure,
			terms: audit.terms.penalty,
			lost: None,
		};
		// The only reason to refuse is an unknown provider, and this one has a stake.
		with_storage_layer(|| T::Offences::report(offence)).defensive().ok();
		Self::deposit_event(Event::Punished { job: *job, auditor, kind, penalty: amount });
	}

	/// Ends an auditor's part without a penalty.
	pub(crate) fn dismiss(audit: &Audit<T::AccountId>, auditor: ProviderId) {
		Self::disengage(&audit.model, auditor, audit.terms.at_risk, 0, false);
	}
}
