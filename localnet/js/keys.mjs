// The development keys that every local chain knows.

import { Keyring } from "@polkadot/keyring";
import { cryptoWaitReady } from "@polkadot/util-crypto";

/** The sr25519 pairs of Alice and Bob. */
export async function developmentKeys() {
	await cryptoWaitReady();
	const keyring = new Keyring({ type: "sr25519" });
	return { alice: keyring.addFromUri("//Alice"), bob: keyring.addFromUri("//Bob") };
}
