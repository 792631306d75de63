import type { ServerLimits } from "../../../runtime/src/index.ts";

/** For tests that are not about overload: on a busy machine, calls may wait. */
export const patient: Partial<ServerLimits> = { maxWaitMs: 0 };
