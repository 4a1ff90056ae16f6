// Who an account is, and values in few words.

import { encodeAddress } from "@polkadot/util-crypto";

/** Pallets with an account of their own, and the constants that name it. */
const KEYLESS = [
	["Vouchers", "PalletId", "the vouchers' reserves"],
	["Payouts", "PalletId", "payouts that wait"],
	["Slashing", "InsuranceId", "the insurance"],
	["Treasury", "PalletId", "the treasury"],
];
/** How an account of a pallet begins. */
const MODULE = new TextEncoder().encode("modl");

/** Names of the accounts that play a part, by their addresses. */
export async function namesOf(api, accounts) {
	const names = new Map(Object.values(accounts).map(({ name, address }) => [address, name]));
	for (const [pallet, constant, name] of KEYLESS) {
		const id = await api.constants[pallet][constant]();
		const account = new Uint8Array(32);
		account.set(MODULE);
		account.set(typeof id === "string" ? Buffer.from(id.slice(2), "hex") : id, MODULE.length);
		names.set(encodeAddress(account), name);
	}
	const [sharing, pot] = await api.view.Burn.pallet_accounts();
	names.set(sharing, "the account that shares prices").set(pot, "the validators' pot");
	return names;
}

/** An account's name, or the beginning of its address. */
export const nameOf = (address, names) => names.get(address) ?? `${address.slice(0, 8)}…`;

/** A value of an event or a view in few words: accounts by their names, the beginnings of hashes. */
export function short(value, names) {
	const inner = (part) => short(part, names);
	if (value === undefined) return "none";
	if (value === null || typeof value !== "object") return shortText(String(value), names);
	if (value instanceof Uint8Array) return `${value.length} bytes`;
	if (Array.isArray(value)) return `[${value.map(inner).join(", ")}]`;
	if (typeof value.type === "string") {
		return value.value === undefined ? value.type : `${value.type}(${inner(value.value)})`;
	}
	return Object.entries(value)
		.map(([name, field]) => `${name} ${isRecord(field) ? `{${inner(field)}}` : inner(field)}`)
		.join(", ");
}

const isRecord = (value) =>
	typeof value === "object" && value !== null && !Array.isArray(value) && value.type === undefined;

function shortText(text, names) {
	if (names.has(text)) return names.get(text);
	return /^(0x[0-9a-f]{17,}|[1-9A-HJ-NP-Za-km-z]{46,})$/.test(text) ? `${text.slice(0, 10)}…` : text;
}
