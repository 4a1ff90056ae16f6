// How the script is called.

const DEFAULT_URL = "ws://127.0.0.1:9944";

export const USAGE = `usage: node one-job.mjs [--json] [ws://HOST:PORT], by default ${DEFAULT_URL}`;

/** What the arguments ask for; throws the usage for others. */
export function arguments_(given) {
	const json = given.includes("--json");
	const [url = DEFAULT_URL, ...rest] = given.filter((argument) => argument !== "--json");
	if (rest.length > 0 || !/^wss?:\/\//.test(url)) throw new Error(USAGE);
	return { url, json };
}
