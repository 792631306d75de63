import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { shedDiagnostics } from "../diagnostics.ts";
import { GrpcError } from "../error.ts";
import { quietly } from "../quietly.ts";

/** Calls that an overloaded server has turned away. */
export interface Overload {
  /** Their number since the last report. */
  readonly shed: number;
}

/** Called every ten seconds at most, and only while calls are turned away. */
export type OnOverload = (overload: Overload) => void;

const reportEveryMs = 10_000;

/** `google.rpc.RetryInfo` with a delay of one second. */
const retryInfo = create(AnySchema, {
  typeUrl: "type.googleapis.com/google.rpc.RetryInfo",
  value: Uint8Array.of(0x0a, 2, 0x08, 1),
});

/** The status of a call that is turned away. */
export const overloaded: GrpcError = new GrpcError(
  "RESOURCE_EXHAUSTED",
  "the server is overloaded, try again later",
  { details: [retryInfo] },
);

/** Counts the calls that are turned away, and reports them. */
export class OverloadReports {
  readonly #onOverload: OnOverload;
  #shed = 0;
  #reportedMs = Number.NEGATIVE_INFINITY;

  constructor(onOverload: OnOverload) {
    this.#onOverload = onOverload;
  }

  count(path: string): void {
    this.#shed += 1;
    if (shedDiagnostics.hasSubscribers) shedDiagnostics.publish({ path });
    const nowMs = performance.now();
    if (nowMs - this.#reportedMs < reportEveryMs) return;
    this.#reportedMs = nowMs;
    const shed = this.#shed;
    this.#shed = 0;
    quietly(() => this.#onOverload({ shed }));
  }
}

/** Writes a line to standard error. */
export function logOverload({ shed }: Overload): void {
  console.error(`the server is overloaded: calls are turned away (${shed} since the last line)`);
}
