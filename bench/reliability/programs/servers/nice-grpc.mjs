import { createServer, ServerError } from "nice-grpc";
import { control } from "../control.mjs";
import { ProbeDefinition } from "../gen/ts-proto/probe.js";
import { answers } from "./answers.mjs";
import { probeHandlers } from "./async-handlers.mjs";
import { address, channelOptions } from "./options.mjs";
import { secret } from "./texts.mjs";

async function* failing(call, context) {
  const mode = context.metadata.get("x-mode");
  if (mode === "interceptor") throw new Error(secret);
  const response = yield* call.next(call.request, context);
  if (mode === "interceptor afterwards") throw new Error(secret);
  return response;
}

const server = createServer(channelOptions).use(failing);
server.add(
  ProbeDefinition,
  probeHandlers({
    header: (context, key) => context.metadata.get(key),
    signal: (context) => context.signal,
    trailer: (context, key, value) => context.trailer.set(key, value),
    failure: (code, text) => new ServerError(code, text),
  }),
);
process.on("SIGTERM", async () => {
  await server.shutdown();
  process.exit();
});
control({ port: await server.listen(address) }, answers);
