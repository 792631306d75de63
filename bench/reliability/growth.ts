import type { MeasuredProcess } from "../rpc/harness/process.ts";
import { residentMb, sleep } from "./bench.ts";

/** A process that has grown by this much has shown what it does. */
const enoughMb = 2000;

/** The peak of the resident memory over a time, from now. */
export async function peakGrowth(process: MeasuredProcess<unknown>, ms: number): Promise<number> {
  const before = await residentMb(process);
  let peak = before;
  for (const end = performance.now() + ms; performance.now() < end; ) {
    await sleep(50);
    const current = await residentMb(process);
    if (Number.isNaN(current)) break;
    peak = Math.max(peak, current);
    if (peak - before > enoughMb) process.kill("SIGKILL");
  }
  return peak - before;
}
