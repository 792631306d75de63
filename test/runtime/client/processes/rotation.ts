import { createChannel } from "../../../../runtime/src/client/index.ts";
import { implement } from "../../../../runtime/src/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import {
  rotatingChannelCredentials,
  rotatingServerCredentials,
} from "../../../../runtime/src/tls/index.ts";
import { EchoClient } from "../../gen/echo_client.ts";
import { echoDefinition } from "../../gen/echo_grpc.ts";

/** Calls itself over TLS, closes everything, and does nothing more: the process has to end. */
const [ca = "", cert = "", key = ""] = process.argv.slice(2);
const server = new GrpcServer({
  services: [implement(echoDefinition, { unary: async () => ({}) })],
});
const port = await server.listen("127.0.0.1:0", await rotatingServerCredentials({ cert, key }));
const credentials = await rotatingChannelCredentials({ ca, cert, key });
const channel = createChannel(`localhost:${port}`, { credentials });
await new EchoClient(channel, { unaryTimeoutMs: 60_000 }).unary({});
channel.close();
await server.stop(0);
process.send?.("ready", () => process.disconnect());
