import { Metadata } from "@grpc/grpc-js";
import type { CallContext } from "../call.ts";
import { type ContextKey, ContextValues } from "../context-key.ts";
import { GrpcError } from "../error.ts";
import { type Identity, identityKey } from "../interceptors/identity.ts";
import { addEntry, type MetadataInit, toMetadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { PeerCertificate } from "../peer-certificate.ts";
import { healthDefinition } from "../rpc/grpc/health/v1/health_grpc.ts";

/** What a test may set of a context; every field has a default. */
export interface TestContextInit {
  /** The method that is called. Default: some unary method. */
  readonly method?: MethodInfo;
  /** Metadata of the request. Default: empty. */
  readonly metadata?: MetadataInit;
  /** Address of the caller. Default: `127.0.0.1:0`. */
  readonly peer?: string;
  /** The certificate of the caller. Default: none. */
  readonly peerCertificate?: PeerCertificate;
  /** The server as the caller names it. Default: `localhost`. */
  readonly authority?: string;
  /** Default: none. The context does not abort by itself when it passes. */
  readonly deadline?: Date;
  /** Default: `test`. */
  readonly requestId?: string;
  /** The caller, for `identityOf(context)`. Default: none. */
  readonly identity?: Identity;
}

/** A context for calling a handler in a unit test. It records what the handler sets. */
export interface TestContext extends CallContext {
  /** Response headers that were set. */
  readonly headers: Metadata;
  /** Trailers that were set. */
  readonly trailers: Metadata;
  /** Sets a value as an interceptor would. */
  set<T>(key: ContextKey<T>, value: T): void;
  /** Ends the call: the signal aborts with `reason`. Default: CANCELLED, as if the caller had left. */
  abort(reason?: GrpcError): void;
}

/**
 * Makes a context for a unit test of a handler, without a server. Headers and trailers must be legal, but
 * may be of any size.
 *
 * @example
 * ```ts
 * const context = createTestContext({ identity: { subject: "ada", scopes: [] } });
 * const user = await getUser({ users, messages })(create(GetUserRequestSchema, { id: 1 }), context);
 * expect(context.trailers.get("x-cache")).toEqual(["miss"]);
 * ```
 */
export function createTestContext(init: TestContextInit = {}): TestContext {
  const controller = new AbortController();
  const values = new ContextValues();
  const headers = new Metadata();
  const trailers = new Metadata();
  if (init.identity !== undefined) values.set(identityKey, init.identity);
  return {
    method: init.method ?? healthDefinition.check,
    metadata: toMetadata(init.metadata),
    peer: init.peer ?? "127.0.0.1:0",
    peerCertificate: init.peerCertificate,
    authority: init.authority ?? "localhost",
    deadline: init.deadline,
    signal: controller.signal,
    requestId: init.requestId ?? "test",
    headers,
    trailers,
    get: (key) => values.get(key),
    set: (key, value) => values.set(key, value),
    setHeader: (key, value) => addEntry(headers, key, value),
    setTrailer: (key, value) => addEntry(trailers, key, value),
    abort(reason = new GrpcError("CANCELLED", "the call was cancelled")) {
      controller.abort(reason);
    },
  };
}
