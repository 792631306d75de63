import { hostOf } from "../address.ts";
import type { CallContext } from "../call.ts";
import { callerOf } from "./identity.ts";

/**
 * A key by which the calls of one caller are counted: the subject of the token or, without one, the host. The
 * port differs per connection.
 */
export function callerKey(context: Pick<CallContext, "get" | "peer">): string {
  const caller = callerOf(context);
  return caller === undefined ? `host ${hostOf(context.peer)}` : `subject ${caller.subject}`;
}
