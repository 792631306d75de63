import { Metadata } from "@grpc/grpc-js";
import { BadRequestSchema, errorDetail } from "../../../runtime/src/error-details.ts";
import {
  type CallContext,
  GrpcError,
  type ServerInterceptor,
  type StatusCode,
} from "../../../runtime/src/index.ts";
import type { EchoHandlers } from "../gen/echo_grpc.ts";
import { type EchoFixture, startEcho } from "../support/echo.ts";
import { secret } from "./calls.ts";

/** A server whose methods fail with this code, and with all that a status can bring. */
export async function startUpstream(code: StatusCode): Promise<EchoFixture> {
  const fail = (): never => {
    const metadata = new Metadata();
    metadata.set("x-secret", secret);
    const details = [errorDetail(BadRequestSchema, { fieldViolations: [{ field: secret }] })];
    throw new GrpcError(code, secret, { details, metadata });
  };
  return await startEcho({
    handlers: {
      unary: fail,
      clientStream: fail,
      serverStream: async function* () {
        yield {};
        fail();
      },
      bidi: async function* () {
        yield {};
        fail();
      },
    },
  });
}

/** Handlers that do `work` after they have begun, and let through what it throws. */
export function doing(work: (context: CallContext) => Promise<unknown>): EchoHandlers {
  return {
    unary: async (_request, context) => {
      await work(context);
      return {};
    },
    serverStream: async function* (_request, context) {
      yield {};
      await work(context);
    },
    clientStream: async (_requests, context) => {
      await work(context);
      return {};
    },
    bidi: async function* (_requests, context) {
      yield {};
      await work(context);
    },
  };
}

/** Keeps what it saw a call fail with. */
export function watching(seen: unknown[]): ServerInterceptor {
  return async (_call, next) => {
    try {
      await next();
    } catch (error) {
      seen.push(GrpcError.from(error).code);
      throw error;
    }
  };
}
