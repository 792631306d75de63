import type { StatusCode } from "grpc-service";
import { statusCodes } from "../../../runtime/src/status-code.ts";
import type { Random } from "../../values/random.ts";

/** Calls that fail on purpose: their status, and how many of 100. */
export interface Fault {
  readonly code: StatusCode;
  readonly percent: number;
}

/** What a fault looks like, for messages. */
export const faultForms = "a status and its share of calls, such as UNAVAILABLE:5%";

/** Parses `UNAVAILABLE:5%`; without a share, all calls fail. Undefined for any other text. */
export function parseFault(text: string): Fault | undefined {
  const [, name = "", share = "100"] = /^([A-Z_]+)(?::(\d+(?:\.\d+)?)%)?$/.exec(text.trim()) ?? [];
  const code = statusCodes.find((known) => known === name);
  const percent = Number(share);
  return code === undefined || percent > 100 ? undefined : { code, percent };
}

/** The status with which a call fails, if it is one of those that do. */
export function drawFault(faults: readonly Fault[], random: Random): StatusCode | undefined {
  let drawn = random.below(1_000_000) / 10_000;
  for (const { code, percent } of faults) {
    if (drawn < percent) return code;
    drawn -= percent;
  }
  return undefined;
}
