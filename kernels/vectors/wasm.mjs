// Replays the golden vectors inside WebAssembly: node wasm.mjs MODULE
// MODULE is the example wasm_replay built for wasm32v1-none.
import { readFileSync } from "node:fs";

const path = process.argv[2];
if (!path) {
	console.error("usage: node wasm.mjs MODULE.wasm");
	process.exit(2);
}
const { instance } = await WebAssembly.instantiate(readFileSync(path), {});
let total = 0;
for (let file = 0; file < instance.exports.files(); file++) {
	const cases = instance.exports.replay(file);
	if (cases === 0) {
		console.error(`data file ${file} differs in WebAssembly`);
		process.exit(1);
	}
	total += cases;
}
console.log(`${total} cases give the same bytes in WebAssembly`);
