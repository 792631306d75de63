// Interceptors of ours, outermost first.
import { randomUUID } from "node:crypto";
import { createContextKey, GrpcError, layer } from "grpc-service";

const identityKey = createContextKey("identity", undefined);
const calls = new Map();
const lines = { written: 0 };

/** What an emitted server does around each call, without its libraries and its output. */
export const emitted = [
  layer(function recover() {
    return (error) => {
      if (error !== undefined) throw GrpcError.from(error);
    };
  }),
  layer(function identify(call) {
    const [received] = call.metadata.get("x-request-id");
    call.requestId = typeof received === "string" ? received : randomUUID();
    call.setHeader("x-request-id", call.requestId);
  }),
  layer(function logCall(call) {
    const start = performance.now();
    return (error) => {
      const code = error === undefined ? "OK" : GrpcError.from(error).code;
      const durationMs = Math.round((performance.now() - start) * 100) / 100;
      const { requestId } = call;
      if ({ requestId, method: call.method.path, code, durationMs }.code !== "") lines.written += 1;
    };
  }),
  layer(function count(call) {
    const { path } = call.method;
    calls.set(path, (calls.get(path) ?? 0) + 1);
  }),
  layer(function authenticate(call) {
    const [token = "anonymous"] = call.metadata.get("authorization");
    call.set(identityKey, { subject: token, scopes: [] });
  }),
];

/** The price of the chain alone, with a promise for each. */
export const empty = Array.from(
  { length: 5 },
  () =>
    async function pass(_call, next) {
      await next();
    },
);
