import { EchoClient } from "../gen/echo_client.ts";

/** Holds a call of every kind open, at the address given, for as long as it lives. */
async function* silent() {
  yield {};
  await new Promise(() => {});
}

const client = new EchoClient(process.argv[2] ?? "", { unaryTimeoutMs: 0, streamTimeoutMs: 0 });

async function take(replies: AsyncIterable<unknown>): Promise<void> {
  for await (const _reply of replies);
}

await Promise.all([
  client.unary({}),
  take(client.serverStream({})),
  client.clientStream(silent()),
  take(client.bidi(silent())),
]);
