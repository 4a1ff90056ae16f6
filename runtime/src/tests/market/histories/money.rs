//! Everybody's money: transfers, trades, gifts, claims; and issuers that freeze.

use super::{
	super::{dispatch, signed},
	pick,
	world::Done,
};
use crate::{
	configs::asset_conversion::AssetKind, genesis_config_presets::market::STABLE_ASSET, AccountId,
	Balance, Burn, Jobs, Models, Payouts, Runtime, RuntimeCall, Slashing, Vouchers,
};
use pallet_assets::Instance1;
use proptest::prelude::*;
use sp_keyring::Sr25519Keyring;

#[derive(Clone, Debug)]
pub(super) enum Act {
	Transfer {
		to: usize,
		amount: Balance,
	},
	TransferStable {
		to: usize,
		amount: Balance,
	},
	TransferVouchers {
		series: usize,
		to: usize,
		units: Balance,
	},
	/// To an account of a pallet, of the native token, the stable asset or vouchers.
	Donate {
		to: usize,
		of: usize,
		amount: Balance,
	},
	BurnNative(Balance),
	/// Moves the price of the stable asset.
	Swap {
		sell_stable: bool,
		amount: Balance,
	},
	FreezeStable(bool),
	FreezeInStable {
		account: usize,
		freeze: bool,
	},
	Claim(usize),
	ClaimFor {
		owner: usize,
		quote: usize,
	},
	Distribute(usize),
	BurnExcess,
}

pub(super) fn act() -> impl Strategy<Value = Act> {
	let index = any::<usize>;
	prop_oneof![
		3 => (0..12_usize, pick::amount()).prop_map(|(to, amount)| Act::Transfer { to, amount }),
		1 => (0..12_usize, pick::amount())
			.prop_map(|(to, amount)| Act::TransferStable { to, amount }),
		3 => (index(), 0..12_usize, pick::units())
			.prop_map(|(series, to, units)| Act::TransferVouchers { series, to, units }),
		2 => (index(), index(), pick::amount()).prop_map(|(to, of, amount)| Act::Donate { to, of, amount }),
		1 => pick::amount().prop_map(Act::BurnNative),
		4 => (any::<bool>(), pick::amount())
			.prop_map(|(sell_stable, amount)| Act::Swap { sell_stable, amount }),
		1 => prop::bool::weighted(0.3).prop_map(Act::FreezeStable),
		1 => (index(), prop::bool::weighted(0.4))
			.prop_map(|(account, freeze)| Act::FreezeInStable { account, freeze }),
		5 => index().prop_map(Act::Claim),
		2 => (0..12_usize, index()).prop_map(|(owner, quote)| Act::ClaimFor { owner, quote }),
		2 => index().prop_map(Act::Distribute),
		1 => Just(Act::BurnExcess),
	]
}

/// Accounts of the market's pallets.
pub(super) fn pallet_accounts() -> Vec<AccountId> {
	let (settlement, pot) = Burn::pallet_accounts();
	vec![
		Payouts::pallet_account(),
		Models::account(),
		Vouchers::account(),
		Vouchers::owner_account(),
		Jobs::account(),
		Slashing::account(),
		Slashing::insurance_account(),
		crate::configs::treasury::TreasuryAccount::get(),
		settlement,
		pot,
	]
}

fn transfer_asset(id: u32, to: AccountId, amount: Balance) -> RuntimeCall {
	pallet_assets::Call::<_, Instance1>::transfer { id, target: to.into(), amount }.into()
}

fn swap(sell_stable: bool, amount: Balance, who: AccountId) -> RuntimeCall {
	let mut path = vec![Box::new(AssetKind::Native), Box::new(AssetKind::WithId(STABLE_ASSET))];
	if sell_stable {
		path.reverse();
	}
	pallet_asset_conversion::Call::swap_exact_tokens_for_tokens {
		path,
		amount_in: amount,
		amount_out_min: 1,
		send_to: who,
		keep_alive: false,
	}
	.into()
}

impl Act {
	pub(super) fn take(&self, who: Sr25519Keyring) -> Done {
		let account = |which| pick::account(which).to_account_id();
		let issuer = signed(Sr25519Keyring::Alice);
		let id = STABLE_ASSET;
		let call: RuntimeCall = match *self {
			Self::Transfer { to, amount } => {
				let dest = account(to).into();
				pallet_balances::Call::transfer_allow_death { dest, value: amount }.into()
			}
			Self::TransferStable { to, amount } => transfer_asset(id, account(to), amount),
			Self::TransferVouchers { series, to, units } => {
				let (who, series) = pick::holder(series)?;
				let series = pallet_vouchers::AllSeries::<Runtime>::get(series)?;
				return Some(dispatch(
					transfer_asset(series.asset, account(to), units),
					signed(who),
				));
			}
			Self::Donate { to, of, amount } => {
				let to = pick::of(pallet_accounts().into_iter(), to)?;
				match of % 3 {
					0 => {
						let dest = to.into();
						pallet_balances::Call::transfer_allow_death { dest, value: amount }.into()
					}
					1 => transfer_asset(id, to, amount),
					_ => {
						let series = pick::series(of);
						let series = pallet_vouchers::AllSeries::<Runtime>::get(series)?;
						transfer_asset(series.asset, to, amount)
					}
				}
			}
			Self::BurnNative(value) => {
				pallet_balances::Call::burn { value, keep_alive: true }.into()
			}
			Self::Swap { sell_stable, amount } => swap(sell_stable, amount, who.to_account_id()),
			Self::FreezeStable(freeze) => {
				let call: RuntimeCall = if freeze {
					pallet_assets::Call::<_, Instance1>::freeze_asset { id }.into()
				} else {
					pallet_assets::Call::<_, Instance1>::thaw_asset { id }.into()
				};
				return Some(dispatch(call, issuer));
			}
			Self::FreezeInStable { account, freeze } => {
				let who = pick::of(pallet_accounts().into_iter(), account)?.into();
				let call: RuntimeCall = if freeze {
					pallet_assets::Call::<_, Instance1>::freeze { id, who }.into()
				} else {
					pallet_assets::Call::<_, Instance1>::thaw { id, who }.into()
				};
				return Some(dispatch(call, issuer));
			}
			Self::Claim(which) => {
				let (who, quote) = pick::claim(which).unwrap_or((who, pick::quote(which)));
				let claim = pallet_payouts::Call::<Runtime>::claim { quote, to: None };
				return Some(dispatch(claim, signed(who)));
			}
			Self::ClaimFor { owner, quote } => {
				let quote = pick::quote(quote);
				pallet_payouts::Call::claim_for { owner: account(owner), quote }.into()
			}
			Self::Distribute(which) => {
				let id = pick::of(pallet_slashing::Pending::<Runtime>::iter_keys(), which)?;
				pallet_slashing::Call::distribute { id }.into()
			}
			Self::BurnExcess => pallet_slashing::Call::burn_excess {}.into(),
		};
		Some(dispatch(call, signed(who)))
	}
}
