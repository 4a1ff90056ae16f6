// Compute prepaid: a series at a fixed price, underwritten by a provider, bought by a user.

import { CU, price, tokens, vouchers } from "./amounts.mjs";

/** Compute that is underwritten and bought, the least that may be subscribed: more than one job takes. */
const UNITS = 100n * CU;

/** The number of a series in the native token that can be bought; opens one if there is none. */
export async function findSeries(journal, who) {
	const { api } = journal.chain;
	const isOpen = ({ series, phase }) => series.quote.type === "Native" && phase.type === "Open";
	const find = async () => (await api.view.Vouchers.all_series()).find(isOpen);
	if ((await find()) === undefined) {
		const open = api.tx.Vouchers.open_series({ quote: { type: "Native", value: undefined } });
		await journal.send(who, "opens a series of vouchers, as anybody may", open);
	} else {
		journal.skip("a series is open");
	}
	const { id, price_per_cu } = await find();
	journal.note(`series ${id}: a compute unit for ${tokens(price_per_cu)}, until it expires`);
	return id;
}

/** Lets the underwriter undertake what the buyer lacks, and the buyer buy it. */
export async function buyVouchers(journal, { buyer, underwriter, provider, model, series }) {
	const { chain } = journal;
	const { api } = chain;
	const holdings = await api.view.Vouchers.vouchers_of(buyer.address);
	const free = holdings.find((holding) => holding.series === series)?.escrowable ?? 0n;
	if (free >= UNITS / 2n) {
		return journal.skip(`${buyer.name} has ${vouchers(free)} to spend`);
	}
	if ((await api.view.Vouchers.mintable(series)) < UNITS) {
		const subscribe = api.tx.Vouchers.subscribe({ series, model, units: UNITS });
		const what = `undertakes to serve ${vouchers(UNITS)} at the series' price, as provider ${provider}`;
		await journal.send(underwriter, what, subscribe);
	}
	const { quote, cost } = chain.unwrap(await api.view.Vouchers.quote_mint(series, UNITS));
	const of = (amount) => price({ quote, amount });
	journal.note(`${vouchers(UNITS)} cost ${of(cost.price)}, which stays in reserve, and ${of(cost.premium)} premium`);
	const mint = api.tx.Vouchers.mint({ series, units: UNITS, max_cost: cost.total });
	await journal.send(buyer, `buys ${vouchers(UNITS)}`, mint);
}
