// A transfer from Alice to Bob with polkadot-api, and the event that it causes.
//
// The unsafe API takes all types from the chain's metadata, so no descriptors are generated.

import { createClient, Enum } from "polkadot-api";
import { getPolkadotSigner } from "polkadot-api/signer";
import { getWsProvider } from "polkadot-api/ws";
import { WebSocket } from "ws";

import { developmentKeys } from "./keys.mjs";
import { run } from "./run.mjs";

await run(async (url, amount) => {
	const { alice, bob } = await developmentKeys();
	const signer = getPolkadotSigner(alice.publicKey, "Sr25519", (bytes) => alice.sign(bytes));
	const client = createClient(getWsProvider(url, { websocketClass: WebSocket }));
	const api = client.getUnsafeApi();

	const transfer = api.tx.Balances.transfer_keep_alive({
		dest: Enum("Id", bob.address),
		value: amount,
	});
	const result = await transfer.signAndSubmit(signer);
	if (!result.ok) {
		throw new Error(`the transfer failed: ${JSON.stringify(result.dispatchError)}`);
	}
	const events = api.event.Balances.Transfer.filter(result.events);
	const account = await api.query.System.Account.getValue(bob.address, {
		at: result.block.hash,
	});
	client.destroy();
	return {
		block: result.block.number,
		transfers: events.map(({ payload }) => ({
			from: payload.from,
			to: payload.to,
			amount: payload.amount.toString(),
		})),
		bob: account.data.free.toString(),
	};
});
