import { loadClientConfig } from "../src/client/config.ts";
import { signToken } from "../src/client/token.ts";
import { readEnvironment } from "../src/config.ts";

/** Prints a token for calls by hand, valid for five minutes: `npm run --silent token [subject]`. */
const { auth } = loadClientConfig(readEnvironment());
console.log(await signToken(auth, process.argv[2] ?? "developer"));
