// The chain's errors in words. Its metadata has the text of each, with what to do about it.

import { metadata, unifyMetadata } from "@polkadot-api/substrate-bindings";

export class ErrorTexts {
	constructor(bytes) {
		const { pallets, lookup } = unifyMetadata(metadata.dec(bytes));
		this.texts = new Map(
			pallets.map(({ name, errors }) => {
				const variants = errors === undefined ? [] : lookup[errors.type].def.value;
				return [name, new Map(variants.map(({ name, docs }) => [name, docs.join(" ").trim()]))];
			}),
		);
	}

	/** Whether the chain has a pallet of this name. */
	knows(pallet) {
		return this.texts.has(pallet);
	}

	/** A dispatch error as `Pallet.Error: text`. */
	explain({ type, value }) {
		if (type !== "Module") return value?.type === undefined ? type : `${type}.${value.type}`;
		const { type: pallet, value: error } = value;
		const inner = error.value?.type === undefined ? "" : ` (${error.value.type})`;
		return `${pallet}.${error.type}${inner}: ${this.texts.get(pallet)?.get(error.type) ?? ""}`;
	}
}
