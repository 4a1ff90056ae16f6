// One job through the market's whole life, by transactions alone: from a model that nobody knows to the
// provider's pay. README.md tells how to run it and what to look at.

import { Chain } from "./chain.mjs";
import { arguments_, USAGE } from "./command-line.mjs";
import { Journal } from "./journal.mjs";
import { accept, claim, commit, settled, submit } from "./job.mjs";
import { registerModel } from "./model.mjs";
import { attest, goOffline, serve } from "./provider.mjs";
import { buyVouchers, findSeries } from "./vouchers.mjs";

async function main({ url, json }) {
	const chain = await Chain.connect(url);
	const journal = new Journal(chain, json);
	const { ferdie, bob, charlie, dave, eve } = chain.accounts;
	const before = await chain.api.view.Burn.issuance();

	await journal.part("The model");
	const model = await registerModel(journal, ferdie);

	await journal.part("Who serves it");
	const provider = await serve(journal, bob, model);
	// Vouchers are only sold of what providers undertake with a listed model, and it takes three to list it.
	await Promise.all([bob, charlie, dave].map((who) => attest(journal, who, model)));

	await journal.part("Compute, prepaid");
	const series = await findSeries(journal, eve);
	await buyVouchers(journal, { buyer: eve, underwriter: bob, provider, model, series });

	await journal.part("The job");
	const job = await submit(journal, eve, { model, provider, series });
	await journal.positions(eve);
	await accept(journal, bob, job);
	const answered = await commit(journal, bob, job);
	await journal.positions(eve, bob);

	await journal.part("Its end");
	const ended = await settled(journal, bob, answered);
	await journal.positions(eve, bob);
	const claimed = await claim(journal, bob);
	await goOffline(journal, bob);

	const after = await chain.api.view.Burn.issuance();
	journal.summary({ model, provider, job, ended, claimed, burned: after.burned - before.burned });
	chain.close();
}

try {
	await main(arguments_(process.argv.slice(2)));
	process.exit(0);
} catch (error) {
	console.error(`Error: ${error.message}`);
	if (process.env.DEBUG) console.error(error.stack);
	process.exit(error.message === USAGE ? 2 : 1);
}
