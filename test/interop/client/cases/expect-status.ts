import assert from "node:assert/strict";
import { GrpcError, type StatusCode } from "../../../../runtime/src/index.ts";

/** Waits for a call to fail. @throws AssertionError when it does not, or not so. */
export async function expectStatus(
  call: Promise<unknown> | AsyncIterable<unknown>,
  code: StatusCode,
  message?: string,
): Promise<void> {
  const error = await failureOf(call);
  assert(error instanceof GrpcError, `expected ${code}, got ${error}`);
  assert.equal(error.code, code);
  if (message !== undefined) assert.equal(error.rawMessage, message);
}

async function failureOf(call: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  try {
    if (call instanceof Promise) await call;
    else for await (const _ of call);
  } catch (error) {
    return error;
  }
  return "OK";
}
