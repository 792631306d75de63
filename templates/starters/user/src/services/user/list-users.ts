import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { storeCall } from "../../users/store-call.ts";

const defaultLimit = 10;
const maxLimit = 100;

/** Returns one page of all users; a page past the end is empty. */
export function listUsers({ users, messages }: Dependencies): UserServiceHandlers["listUsers"] {
  return async ({ page, limit }, context) => {
    requireValid({
      page: page >= 0 || messages.tooSmall(page, 0),
      limit: limit >= 0 || messages.tooSmall(limit, 0),
    });
    const size = Math.min(limit || defaultLimit, maxLimit);
    // At most 2^31 pages of 100: far below where numbers lose precision.
    const range = { offset: page * size, limit: size };
    return { ...(await users.list(range, storeCall(context))), page };
  };
}
