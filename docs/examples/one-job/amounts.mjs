// Amounts for people.

/** Decimals of the native token. */
const TOKEN_DECIMALS = 12;
/** Decimals of vouchers: a compute unit has a million units. */
const VOUCHER_DECIMALS = 6;

/** One token in its smallest unit. */
export const ASY = 10n ** BigInt(TOKEN_DECIMALS);
/** One compute unit in units of vouchers. */
export const CU = 10n ** BigInt(VOUCHER_DECIMALS);

function decimal(amount, decimals) {
	const digits = amount.toString().padStart(decimals + 1, "0");
	const split = digits.length - decimals;
	const whole = digits.slice(0, split).replace(/\B(?=(\d{3})+$)/g, ",");
	const fraction = digits.slice(split).replace(/0+$/, "");
	return fraction === "" ? whole : `${whole}.${fraction}`;
}

/** An amount of the native token. */
export const tokens = (amount) => `${decimal(amount, TOKEN_DECIMALS)} ASY`;

/** An amount of vouchers. */
export const vouchers = (units) => `${decimal(units, VOUCHER_DECIMALS)} CU`;

/** An amount of an asset; `assets` has the symbol and the decimals of each. */
export function amountOf(asset, amount, assets) {
	const known = assets.get(asset);
	if (known === undefined) return `${amount} units of asset ${asset}`;
	return `${decimal(amount, known.decimals)} ${known.symbol}`;
}

/** An amount of whatever a price is counted in. */
export function price({ quote, amount }, assets = new Map()) {
	return quote.type === "Native" ? tokens(amount) : amountOf(quote.value, amount, assets);
}
