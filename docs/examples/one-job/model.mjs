// A model: its program and the root of its weights, by which the chain can judge answers.

import { readFileSync } from "node:fs";

import { blake2AsHex } from "@polkadot/util-crypto";

const here = new URL("adder.json", import.meta.url);

/** The model of models/adder, as `assay-worker model import` makes it, with a prompt and its answer. */
export const ADDER = JSON.parse(readFileSync(here, "utf8"));

const bytes = (hex) => new Uint8Array(Buffer.from(hex.slice(2), "hex"));
const text = (string) => new TextEncoder().encode(string);

/** Registers the adder; returns its id. */
export async function registerModel(journal, who) {
	const { api } = journal.chain;
	const { min_bond_floor } = await api.query.Models.CurrentParameters.getValue();
	const manifest = {
		program: bytes(ADDER.program),
		weights_root: ADDER.weights_root,
		tokenizer_hash: ADDER.tokenizer_hash,
		source: { name: text(ADDER.source.name), revision: undefined, files: ADDER.source.files },
		quality: undefined,
		min_bond: min_bond_floor,
		previous: undefined,
	};
	const register = api.tx.Models.register({ manifest });
	// A model's id is the hash of its manifest: of all but the first two bytes of this call.
	const model = blake2AsHex((await register.getEncodedData()).slice(2));
	if ((await api.view.Models.model(model)) !== undefined) {
		journal.skip("the model is registered");
		return model;
	}
	const refusal = await api.view.Models.refusal(manifest.program);
	if (refusal !== undefined) throw new Error(`the chain refuses the program: ${refusal}`);
	await journal.send(who, `registers the model ${ADDER.source.name}`, register);
	return model;
}
