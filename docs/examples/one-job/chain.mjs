// The connection, the development accounts, and transactions that succeed or say why not.

import { Keyring } from "@polkadot/keyring";
import { cryptoWaitReady } from "@polkadot/util-crypto";
import { createClient } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsProvider } from "polkadot-api/ws";
import { WebSocket } from "ws";

import { ErrorTexts } from "./errors.mjs";
import { namesOf } from "./names.mjs";

/** Milliseconds in which a node has to answer. */
const CONNECT_LIMIT = 10_000;
/** The accounts that play a part; every development chain endows them. */
const NAMES = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"];

/** A development chain with the market in it. */
export class Chain {
	/** Connects to a node; throws if none answers there, or if its chain is none for this script. */
	static async connect(url) {
		await cryptoWaitReady();
		const client = createClient(getWsProvider(url, { websocketClass: WebSocket }));
		const block = await within(
			CONNECT_LIMIT,
			client.getFinalizedBlock(),
			`no node answers at ${url}: start one with \`assay-node --dev\``,
		);
		// The unsafe API takes all types from the chain's metadata, so no descriptors are generated.
		const chain = new Chain(client, new ErrorTexts(await client.getMetadata(block.hash)));
		if (!chain.errors.knows("Jobs")) {
			throw new Error(`the chain at ${url} has no market: its runtime is an older one`);
		}
		const { data } = await chain.api.query.System.Account.getValue(chain.accounts.eve.address);
		if (data.free === 0n) {
			throw new Error(`the chain at ${url} is no development chain: Eve has nothing there`);
		}
		chain.names = await namesOf(chain.api, chain.accounts);
		return chain;
	}

	constructor(client, errors) {
		this.client = client;
		this.errors = errors;
		this.api = client.getUnsafeApi();
		this.accounts = developmentAccounts();
		/** Names of accounts by their addresses. */
		this.names = new Map();
	}

	/** Sends a transaction and waits until it is final; throws why if it fails. */
	async send(who, transaction) {
		let result;
		try {
			result = await transaction.signAndSubmit(who.signer);
		} catch (error) {
			throw new Error(`the chain takes no such transaction of ${who.name}: ${error.message}`);
		}
		if (!result.ok) throw new Error(this.errors.explain(result.dispatchError));
		return result;
	}

	/** Several calls in one transaction, all of which happen or none. */
	batch(calls) {
		return this.api.tx.Utility.batch_all({ calls: calls.map((call) => call.decodedCall) });
	}

	/** The value of a view function's result; throws what the chain says against it. */
	unwrap({ success, value }) {
		if (!success) throw new Error(this.errors.explain(value));
		return value;
	}

	/** The market's time, in ticks. */
	async now() {
		return (await this.api.view.Clock.status()).now;
	}

	/** The symbol and the decimals of every asset that has some. */
	async assets() {
		const entries = await this.api.query.Assets.Metadata.getEntries();
		const text = (bytes) => new TextDecoder().decode(bytes);
		return new Map(
			entries.map(({ keyArgs: [asset], value: { symbol, decimals } }) => [
				asset,
				{ symbol: text(symbol), decimals },
			]),
		);
	}

	close() {
		this.client.destroy();
	}
}

function developmentAccounts() {
	const keyring = new Keyring({ type: "sr25519" });
	const account = (name) => {
		const pair = keyring.addFromUri(`//${name}`);
		const signer = getPolkadotSigner(pair.publicKey, "Sr25519", (bytes) => pair.sign(bytes));
		return [name.toLowerCase(), { name, address: pair.address, signer }];
	};
	return Object.fromEntries(NAMES.map(account));
}

function within(milliseconds, promise, complaint) {
	const late = new Promise((_, reject) => {
		setTimeout(() => reject(new Error(complaint)), milliseconds).unref();
	});
	return Promise.race([promise, late]);
}
