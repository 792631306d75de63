import { UsageError } from "../../terminal/errors.ts";
import { faultForms, parseFault } from "./faults.ts";
import type { Behaviour } from "./responder.ts";
import { noTime, parseTimeSpan, timeSpanForms } from "./time-span.ts";

/** Flags of `mock`. */
export interface MockFlags {
  readonly proto?: readonly string[] | undefined;
  readonly "import-path"?: readonly string[] | undefined;
  readonly address?: string | undefined;
  readonly stubs?: string | undefined;
  readonly seed?: string | undefined;
  readonly latency?: string | undefined;
  readonly fail?: readonly string[] | undefined;
  readonly record?: string | undefined;
}

/** Parses `--latency` and `--fail`. @throws UsageError */
export function behaviourOf({ latency, fail = [] }: MockFlags): Behaviour {
  const span = latency === undefined ? noTime : parseTimeSpan(latency);
  if (span === undefined) throw new UsageError(`--latency ${latency}: expected ${timeSpanForms}`);
  const faults = fail.map((text) => {
    const fault = parseFault(text);
    if (fault === undefined) throw new UsageError(`--fail ${text}: expected ${faultForms}`);
    return fault;
  });
  if (faults.reduce((sum, { percent }) => sum + percent, 0) > 100) {
    throw new UsageError("--fail: more than 100% of the calls");
  }
  return { latency: span, faults };
}

/** @throws UsageError */
export function checkAddress(address: string, flag: string): string {
  const port = Number(/^(?:\[[0-9a-f:.]+\]|[^:\s/]+):(\d{1,5})$/i.exec(address)?.[1] ?? Number.NaN);
  if (port <= 65_535) return address;
  throw new UsageError(`${flag} ${address}: expected host:port, such as 127.0.0.1:50051`);
}
