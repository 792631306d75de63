import { createChannelPool } from "../../../../runtime/src/client/channel-pool.ts";
import { createChannel, watchConnection } from "../../../../runtime/src/client/index.ts";
import { EchoClient } from "../../gen/echo_client.ts";

/** Watches a connection, calls once, and does nothing more: the process has to end by itself. */
const [kind, address = ""] = process.argv.slice(2);
const channel = kind === "pool" ? createChannelPool(address, { size: 3 }) : createChannel(address);
const states: string[] = [];
watchConnection(channel, (state) => states.push(state));
const client = new EchoClient(channel, { unaryTimeoutMs: 60_000 });
await client.waitForReady(60_000);
await client.unary({});
process.send?.(states, () => process.disconnect());
