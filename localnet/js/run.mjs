// How a client script is run: `node SCRIPT ws://HOST:PORT AMOUNT`.
//
// On success it prints one JSON object on standard output and ends with 0. Otherwise it says on
// standard error what went wrong and ends with 1.

/** Calls `client(url, amount)` with the script's arguments and prints what it returns. */
export async function run(client) {
	try {
		const [url, amount] = process.argv.slice(2);
		if (!/^wss?:\/\//.test(url ?? "") || !/^[1-9][0-9]*$/.test(amount ?? "")) {
			throw new Error("usage: node SCRIPT ws://HOST:PORT AMOUNT (in the smallest unit)");
		}
		const result = await client(url, BigInt(amount));
		console.log(JSON.stringify(result));
		process.exit(0);
	} catch (error) {
		console.error(error?.stack ?? String(error));
		process.exit(1);
	}
}
