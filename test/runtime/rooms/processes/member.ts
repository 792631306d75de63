import { EchoClient } from "../../gen/echo_client.ts";

/** Joins the room at the address given, as the member given, and stays. Sends what it reads. */
const [, , address = "", member = ""] = process.argv;

async function* silent() {
  yield { text: "hello" };
  await new Promise(() => {});
}

const client = new EchoClient(address, { streamTimeoutMs: 0 });
for await (const { text } of client.bidi(silent(), { metadata: { member } })) process.send?.(text);
