// Interceptors of ours, outermost first.
import { randomUUID } from "node:crypto";
import { createContextKey, GrpcError } from "grpc-service";

const identityKey = createContextKey("identity", undefined);
const calls = new Map();
const lines = { written: 0 };

/** What an emitted server does around each call, without its libraries and its output. */
export const emitted = [
  async function recover(_call, next) {
    try {
      await next();
    } catch (error) {
      throw GrpcError.from(error);
    }
  },
  async function identify(call, next) {
    const [received] = call.metadata.get("x-request-id");
    call.requestId = typeof received === "string" ? received : randomUUID();
    call.setHeader("x-request-id", call.requestId);
    await next();
  },
  async function logCall(call, next) {
    const start = performance.now();
    let code = "OK";
    try {
      await next();
    } catch (error) {
      code = GrpcError.from(error).code;
      throw error;
    } finally {
      const durationMs = Math.round((performance.now() - start) * 100) / 100;
      const { requestId } = call;
      if ({ requestId, method: call.method.path, code, durationMs }.code !== "") lines.written += 1;
    }
  },
  async function count(call, next) {
    const { path } = call.method;
    calls.set(path, (calls.get(path) ?? 0) + 1);
    await next();
  },
  async function authenticate(call, next) {
    const [token = "anonymous"] = call.metadata.get("authorization");
    call.set(identityKey, { subject: token, scopes: [] });
    await next();
  },
];

/** The price of the chain alone. */
export const empty = Array.from(
  { length: 5 },
  () =>
    async function pass(_call, next) {
      await next();
    },
);
