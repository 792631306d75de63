import type { CallContext } from "grpc-service";
import { callerOf } from "grpc-service/interceptors";

/**
 * Whose files a call may see: the subject of its token. With AUTH=off all callers are one. For files that
 * the callers of a tenant share, return the tenant.
 */
export function ownerOf(context: CallContext): string {
  const caller = callerOf(context);
  return caller === undefined ? "anonymous" : `subject ${caller.subject}`;
}
