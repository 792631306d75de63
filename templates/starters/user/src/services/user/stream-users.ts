import { setTimeout as delay } from "node:timers/promises";
import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { storeCall } from "../../users/store-call.ts";

const maxDelaySeconds = 60;

/** Sends all users that exist when the call starts, with an optional pause between them. */
export function streamUsers({ users, messages }: Dependencies): UserServiceHandlers["streamUsers"] {
  return async function* ({ delaySeconds }, context) {
    requireValid({
      delay_seconds:
        (delaySeconds >= 0 && delaySeconds <= maxDelaySeconds) ||
        messages.outOfRange(delaySeconds, 0, maxDelaySeconds),
    });
    let first = true;
    for await (const user of users.stream(storeCall(context))) {
      if (!first && delaySeconds > 0) {
        await delay(delaySeconds * 1000, undefined, { signal: context.signal });
      }
      first = false;
      yield user;
    }
  };
}
