import { createServer } from "node:http2";
import { ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { control } from "../control.mjs";
import { Probe } from "../gen/own/probe_pb.js";
import { answers } from "./answers.mjs";
import { probeHandlers } from "./async-handlers.mjs";
import { maxStreams, port } from "./options.mjs";
import { secret } from "./texts.mjs";

const failing = (next) => async (request) => {
  const mode = request.header.get("x-mode");
  if (mode === "interceptor") throw new Error(secret);
  const response = await next(request);
  if (mode === "interceptor afterwards") throw new Error(secret);
  return response;
};

const handlers = probeHandlers({
  header: (context, key) => context.requestHeader.get(key),
  signal: (context) => context.signal,
  trailer: (context, key, value) => context.responseTrailer.set(key, value),
  failure: (code, text) => new ConnectError(text, code),
});
const server = createServer(
  { settings: maxStreams ? { maxConcurrentStreams: maxStreams } : {} },
  connectNodeAdapter({
    routes: (router) => router.service(Probe, handlers),
    interceptors: [failing],
  }),
);
process.on("SIGTERM", () => server.close(() => process.exit()));
server.listen(port, "127.0.0.1", () => control({ port: server.address().port }, answers));
