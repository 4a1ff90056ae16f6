// A transfer from Alice to Bob with polkadot-js, and the event that it causes.

import { ApiPromise, WsProvider } from "@polkadot/api";
import { findUnknownExtensions } from "@polkadot/types/extrinsic/signedExtensions";

import { developmentKeys } from "./keys.mjs";
import { run } from "./run.mjs";

// Extensions of the chain that this version of polkadot-js does not know. It would sign without
// them too, since they carry no data, but with a warning.
const EMPTY_EXTENSIONS = { AuthorizeCall: { extrinsic: {}, payload: {} } };

await run(async (url, amount) => {
	const { alice, bob } = await developmentKeys();
	const api = await ApiPromise.create({
		provider: new WsProvider(url),
		signedExtensions: EMPTY_EXTENSIONS,
	});

	const { block, records } = await new Promise((resolve, reject) => {
		api.tx.balances
			.transferKeepAlive(bob.address, amount)
			.signAndSend(alice, ({ status, events, dispatchError, internalError, isError }) => {
				if (isError) {
					reject(internalError ?? new Error(`the transfer was given up: ${status}`));
				} else if (status.isFinalized) {
					if (dispatchError) {
						reject(new Error(`the transfer failed: ${dispatchError}`));
					}
					resolve({ block: status.asFinalized, records: events });
				}
			})
			.catch(reject);
	});
	const transfers = records
		.map(({ event }) => event)
		.filter((event) => api.events.balances.Transfer.is(event))
		.map(({ data }) => ({
			from: data.from.toString(),
			to: data.to.toString(),
			amount: data.amount.toString(),
		}));
	const header = await api.rpc.chain.getHeader(block);
	const at = await api.at(block);
	const account = await at.query.system.account(bob.address);
	const extensions = api.registry.signedExtensions;
	await api.disconnect();
	return {
		block: header.number.toNumber(),
		transfers,
		bob: account.data.free.toString(),
		extensions,
		unknownExtensions: findUnknownExtensions(extensions),
	};
});
