// The job: asked, promised, answered, settled, paid.

import { price, tokens, vouchers } from "./amounts.mjs";
import { ADDER } from "./model.mjs";
import { heartbeat } from "./provider.mjs";

/** Most tokens of the answer. */
const MAX_TOKENS = 8;
/** Ticks in which a provider has to accept. */
const ACCEPT_WITHIN = 60;
/** Milliseconds between two looks at a job that waits. */
const LOOK_EVERY = 3_000;
/** The likeliest token each time, no filter. */
const GREEDY = { temperature_bits: 0, top_k: 0, top_p: 65_536, min_p: 0, seed: [0, 0, 0, 0] };

const inline = (tokens) => ({ type: "Inline", value: tokens });

/** Asks what the job would cost, and submits it with its tokens; returns the job's id. */
export async function submit(journal, who, { model, provider, series }) {
	const { chain } = journal;
	const { api } = chain;
	const lengths = { inputs: ADDER.prompt.tokens.length, outputs: MAX_TOKENS };
	const quote = chain.unwrap(await api.view.Jobs.quote(model, lengths, series, provider, undefined));
	journal.note(`the longest answer would cost ${vouchers(quote.units)}, ${price(quote.price)}`);
	journal.note(`a million such tokens cost ${price(quote.per_million_tokens)}`);
	journal.note(`the provider would have ${tokens(quote.exposure)} at stake`);
	const request = {
		model,
		input: inline(ADDER.prompt.tokens),
		sampling: GREEDY,
		// polkadot-api takes the field of a structure that has only one, here `max_tokens`, for the whole.
		limits: MAX_TOKENS,
		series,
		max_price: quote.units,
		assignment: { type: "Named", value: provider },
		accept_within: ACCEPT_WITHIN,
		max_deadline_ticks: quote.deadline_ticks,
		exposure_factor: undefined,
	};
	const nonce = await api.query.Jobs.NextNonce.getValue(who.address);
	const asked = `asks for the continuation of "${ADDER.prompt.text}"`;
	const { events } = await journal.send(who, asked, api.tx.Jobs.submit({ nonce, request }));
	return api.event.Jobs.Submitted.filter(events)[0].payload.job;
}

/** Promises an answer. */
export async function accept(journal, who, job) {
	const { api } = journal.chain;
	// The hash of the terms is part of the call: on no fork of the chain can it bind to others.
	const { terms_hash } = await api.view.Jobs.job(job);
	await journal.send(who, "promises an answer", api.tx.Jobs.accept({ job, terms_hash }));
}

/**
 * Answers. Only now may the tokens be shown: the acceptance is final. Returns the job with the promise
 * of its final event.
 */
export async function commit(journal, who, job) {
	const { api } = journal.chain;
	const { terms_hash } = await api.view.Jobs.job(job);
	const output = inline(ADDER.answer.tokens);
	const ended = end(api, job);
	const commit = api.tx.Jobs.commit({ job, terms_hash, output });
	const { events } = await journal.send(who, `answers "${ADDER.answer.text}"`, commit);
	const { root } = api.event.Jobs.Committed.filter(events)[0].payload.commitment.value;
	if (root !== ADDER.answer.hash) {
		throw new Error(`the chain names the answer ${root}, and the worker ${ADDER.answer.hash}`);
	}
	const { value: security } = await api.view.Jobs.answer_security(job);
	journal.note(
		`the answer may be challenged for ${security.window_left} ticks; ${tokens(security.exposure)} are at stake`,
	);
	return { job, ended };
}

/** The final event of a job, with the block that holds it, once there is one. */
function end(api, job) {
	return new Promise((resolve, reject) => {
		const subscription = api.event.Jobs.Ended.watch().subscribe({
			next: ({ block, events }) => {
				const found = events.find(({ payload }) => payload.job === job);
				if (found === undefined) return;
				subscription.unsubscribe();
				resolve({ block, event: found.payload });
			},
			error: reject,
		});
	});
}

/** Waits until the chain settles the job by itself; returns its final event. */
export async function settled(journal, who, { job, ended }) {
	const { chain } = journal;
	const { api } = chain;
	let over = false;
	const found = ended.finally(() => {
		over = true;
	});
	journal.note("nobody has to do anything: the chain settles the job when the window is over");
	while (!over) {
		// The provider owes signs of life while it is online.
		await heartbeat(journal, who);
		await Promise.race([found, new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))]);
	}
	const { block, event } = await found;
	journal.say(`\n-  The chain settles the job in block ${block.number}`);
	await journal.events(await settlement(api, block, job));
	check(event);
	return event;
}

/** The events of a job's settlement, which end with its own: those since the job before it in the queue. */
async function settlement(api, block, job) {
	const records = await api.query.System.Events.getValue({ at: block.hash });
	const isEnd = ({ event: { type, value } }) => type === "Jobs" && value.type === "Ended";
	const last = records.findIndex((record) => isEnd(record) && record.event.value.value.job === job);
	const before = records.slice(0, last);
	const samePhase = ({ phase }) => JSON.stringify(phase) === JSON.stringify(records[last].phase);
	return records.slice(before.findLastIndex(isEnd) + 1, last + 1).filter(samePhase);
}

/** That all vouchers in escrow, and all of the price, went where the event says. */
function check({ outcome, escrow, refunded }) {
	if (outcome.type !== "Settled") throw new Error(`the job ended otherwise: ${outcome.type}`);
	const { units, price: paid, shares } = outcome.value;
	if (units + refunded !== escrow) {
		throw new Error(`of ${escrow} units in escrow, ${units} paid and ${refunded} went back`);
	}
	const shared = shares.provider + shares.burned + shares.validators + shares.treasury;
	if (shared !== paid.amount) throw new Error(`of the price ${paid.amount}, ${shared} was shared`);
}

/** Takes what waits for an account; returns how much. */
export async function claim(journal, who) {
	const { api } = journal.chain;
	const quote = { type: "Native", value: undefined };
	const claim = api.tx.Payouts.claim({ quote, to: undefined });
	const { events } = await journal.send(who, "claims its pay", claim);
	return api.event.Payouts.Claimed.filter(events)[0].payload.price.amount;
}
