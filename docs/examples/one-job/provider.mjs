// Providers: what they have at stake, what they offer, and that they are there.

import { ASY } from "./amounts.mjs";

/** What each provider puts behind the model: many jobs of the least exposure at once. */
const BOND = 1_000n * ASY;

/** What the serving provider asks for, and what it promises. */
const OFFER = {
	min_price_per_unit: 1n,
	// A voucher for each unit of compute.
	multiplier_percent: 100,
	deadline_base_ticks: 30,
	deadline_ticks_per_1000_tokens: 10,
	max_open_jobs: 8,
	trace_bytes_per_tick: 1_000_000_000n,
	units_per_day: 1_000_000_000n,
};

async function membership(chain, who) {
	return chain.api.view.Providers.membership(who.address);
}

/** The calls that make an account a provider with a bond, as far as it is not one. */
async function joining({ api, ...chain }, who, model) {
	const member = await membership({ api, ...chain }, who);
	if (member !== undefined && member.role.type !== "Owner") {
		throw new Error(`${who.name} is a delegate of provider ${member.provider}, not an owner`);
	}
	const bond = member && (await api.view.Providers.bonded(member.provider, model));
	const calls = member === undefined ? [api.tx.Providers.register()] : [];
	return bond === undefined
		? [...calls, api.tx.Providers.bond({ model, amount: BOND })]
		: calls;
}

/** Makes an account a provider that offers the model and is online; returns the provider's number. */
export async function serve(journal, who, model) {
	const { chain } = journal;
	const { api } = chain;
	for (const call of await joining(chain, who, model)) {
		const what = call.decodedCall.value.type === "register" ? "becomes a provider" : "bonds for the model";
		await journal.send(who, what, call);
	}
	const { provider } = await membership(chain, who);
	const offered = await api.query.Providers.Ledgers.getValue(provider, model);
	if (offered.offer === undefined) {
		await journal.send(who, "offers the model", api.tx.Providers.set_offer({ model, offer: OFFER }));
	} else {
		journal.skip(`${who.name} offers the model`);
	}
	await goOnline(journal, who, provider);
	return provider;
}

async function goOnline(journal, who, provider) {
	const { api } = journal.chain;
	const { online } = await api.view.Providers.provider(provider);
	const overdue = online !== undefined && online.overdue_from <= (await journal.chain.now());
	if (online !== undefined && !overdue) return journal.skip(`${who.name} is online`);
	if (overdue) {
		// A run that broke off left it online. The report costs a penalty, and is the way back.
		const report = api.tx.Providers.report_downtime({ provider });
		await journal.send(who, "reports its own missing heartbeats", report);
	}
	const setOnline = api.tx.Providers.set_online({ online: true });
	await journal.send(who, "goes online, and owes heartbeats from now on", setOnline);
}

/** Gives a heartbeat if one can be given. */
export async function heartbeat(journal, who) {
	const { api } = journal.chain;
	const { provider } = await membership(journal.chain, who);
	const { online } = await api.view.Providers.provider(provider);
	if (online !== undefined && online.next_from <= (await journal.chain.now())) {
		await journal.send(who, "gives a sign of life", api.tx.Providers.heartbeat());
	}
}

/** Owes no more heartbeats. */
export async function goOffline(journal, who) {
	const setOnline = journal.chain.api.tx.Providers.set_online({ online: false });
	await journal.send(who, "goes offline", setOnline);
}

/** Puts a part of an account's bond behind the promise that the model's weights can be had. */
export async function attest(journal, who, model) {
	const { chain } = journal;
	const { api } = chain;
	const calls = await joining(chain, who, model);
	const member = await membership(chain, who);
	const { attesters } = await api.view.Models.model(model);
	if (member !== undefined && attesters.includes(member.provider)) {
		return journal.skip(`${who.name} attests that the weights can be had`);
	}
	const all = chain.batch([...calls, api.tx.Models.attest({ model })]);
	await journal.send(who, "attests, with its bond, that the weights can be had", all);
}
