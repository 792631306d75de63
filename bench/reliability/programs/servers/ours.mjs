import { GrpcError, implement } from "grpc-service";
import { GrpcServer } from "grpc-service/server";
import { control } from "../control.mjs";
import { probeDefinition } from "../gen/own/probe_grpc.js";
import { answers } from "./answers.mjs";
import { probeHandlers } from "./async-handlers.mjs";
import { address, channelOptions, graceMs, limits } from "./options.mjs";
import { secret } from "./texts.mjs";

const codes = new Map([[3, "INVALID_ARGUMENT"]]);

async function failing(call, next) {
  const [mode] = call.metadata.get("x-mode");
  if (mode === "interceptor") throw new Error(secret);
  await next();
  if (mode === "interceptor afterwards") throw new Error(secret);
}

const handlers = probeHandlers({
  header: (context, key) => context.metadata.get(key)[0],
  signal: (context) => context.signal,
  trailer: (context, key, value) => context.setTrailer(key, value),
  failure: (code, text) => new GrpcError(codes.get(code) ?? code, text),
});
const server = new GrpcServer({
  services: [implement(probeDefinition, handlers)],
  interceptors: [failing],
  onError: () => {},
  channelOptions,
  limits,
});
process.on("SIGTERM", async () => {
  await server.stop(graceMs);
  process.exit();
});
control({ port: await server.listen(address) }, answers);
