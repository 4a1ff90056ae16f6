// What is printed: each step with what it paid, held, freed and burned, and where somebody's money is.

import { amountOf, price, tokens, vouchers } from "./amounts.mjs";
import { nameOf, short } from "./names.mjs";

/** Pallets whose events are shown whole. */
const MARKET = ["Models", "Providers", "Vouchers", "Jobs", "Payouts", "Slashing", "Burn"];

export class Journal {
	/** With `json`, the steps go to standard error, and standard output has the summary alone. */
	constructor(chain, json) {
		this.chain = chain;
		this.json = json;
		this.steps = 0;
		this.fees = 0n;
		this.say = json ? console.error : console.log;
	}

	/** A part of the story begins. */
	async part(title) {
		this.say(`\n== ${title} (tick ${await this.chain.now()})`);
	}

	/** Something that had been done on this chain before. */
	skip(what) {
		this.say(`\n-  ${what}: done before`);
	}

	/** A line without a transaction. */
	note(text) {
		this.say(`   ${text}`);
	}

	/** Sends a transaction, and prints what it did. Throws with the step's name if it fails. */
	async send(who, what, transaction) {
		let result;
		try {
			result = await this.chain.send(who, transaction);
		} catch (error) {
			throw new Error(`${who.name} ${what}: ${error.message}`);
		}
		this.steps += 1;
		this.say(`\n${this.steps}. ${who.name} ${what}`);
		const paid = this.chain.api.event.TransactionPayment.TransactionFeePaid.filter(result.events);
		for (const { payload } of paid) {
			this.fees += payload.actual_fee;
			this.say(`   burned    ${tokens(payload.actual_fee)}, the fee`);
		}
		await this.events(result.events);
		return result;
	}

	/** Prints the events that moved money, and those of the market. */
	async events(events) {
		const assets = await this.chain.assets();
		for (const { event } of events) {
			const line = this.lineOf(event.type, event.value, assets);
			if (line !== undefined) this.say(`   ${line}`);
		}
	}

	lineOf(pallet, { type: name, value: fields }, assets) {
		const { names } = this.chain;
		const who = (field) => nameOf(fields[field], names);
		const held = () => `of ${who("who")}, ${fields.reason.type}.${fields.reason.value.type}`;
		const asset = () => amountOf(fields.asset_id, fields.amount, assets);
		switch (`${pallet}.${name}`) {
			case "Balances.Held":
				return `held      ${tokens(fields.amount)} ${held()}`;
			case "Balances.Released":
				return `freed     ${tokens(fields.amount)} ${held()}`;
			case "Balances.Transfer":
				return `moved     ${tokens(fields.amount)}, ${who("from")} to ${who("to")}`;
			case "Balances.Burned":
				return `burned    ${tokens(fields.amount)} of ${who("who")}`;
			case "Assets.Issued":
				return `minted    ${asset()} for ${nameOf(fields.owner, names)}`;
			case "AssetsHolder.Held":
				return `held      ${asset()} ${held()}`;
			case "AssetsHolder.Released":
				return `freed     ${asset()} ${held()}`;
			case "AssetsHolder.Burned":
				return `burned    ${asset()} ${held()}`;
			default:
				return MARKET.includes(pallet) ? `event     ${pallet}.${name}: ${short(fields, names)}` : undefined;
		}
	}

	/** Prints where all the money of these accounts lies, why, and what sets it free. */
	async positions(...accounts) {
		const assets = await this.chain.assets();
		for (const who of accounts) {
			const list = await this.chain.api.apis.AssayMarketApi.positions(who.address);
			this.say(`\n   Where ${who.name}'s money is:`);
			for (const { price: what, place, release } of list) {
				const [amount, where] = [price(what, assets), short(place, this.chain.names)];
				this.say(`   ${amount.padStart(26)}  ${where}; free ${WHEN[release.type](release.value)}`);
			}
		}
	}

	/** The end: what came of it all. */
	summary({ model, provider, job, ended, claimed, burned }) {
		const { price: paid, shares, units } = ended.outcome.value;
		this.say("\n== What came of it");
		this.note(`the job took ${vouchers(units)} and cost ${price(paid)}, of which`);
		this.note(`  the provider has ${tokens(shares.provider)} and has claimed ${tokens(claimed)} with premium`);
		this.note(`  ${tokens(shares.burned)} burned, validators ${tokens(shares.validators)}, treasury ${tokens(shares.treasury)}`);
		this.note(`fees of ${this.steps} transactions: ${tokens(this.fees)}, all burned`);
		this.note(`burned on the chain since the beginning: ${tokens(burned)}`);
		if (!this.json) return;
		const result = { model, provider, job, ended, claimed, burned, fees: this.fees, transactions: this.steps };
		console.log(JSON.stringify(result, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
	}
}

/** What sets money free, in words. */
const WHEN = {
	Now: () => "now",
	ByCall: () => "by a call",
	FromTick: (tick) => `by a call from tick ${tick} on`,
	BeforeTick: (tick) => `by a call before tick ${tick}`,
	AtTick: (tick) => `by itself at tick ${tick}`,
	FromEra: (era) => `by a call from era ${era} on`,
	WithObligation: () => "with what it answers for",
	WithDispute: () => "with the end of a dispute",
	Never: () => "never",
};
