import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { newUser } from "../../users/new-user.ts";
import { refuseDuplicate } from "../../users/refusals.ts";
import { storeCall } from "../../users/store-call.ts";
import type { NewUser } from "../../users/user-store.ts";

/** Limits the memory that one call can use. */
const maxBatchSize = 1000;

/** Collects and checks all users, then creates them in one transaction. */
export function createBatchUsers({
  users,
  messages,
}: Dependencies): UserServiceHandlers["createBatchUsers"] {
  return async (requests, context) => {
    const batch: NewUser[] = [];
    for await (const request of requests) {
      requireValid({ batch: batch.length < maxBatchSize || messages.batchTooLarge(maxBatchSize) });
      batch.push(newUser(request, messages));
    }
    // After the last request: a call that ends early creates no users.
    const ids = await users.createAll(batch, storeCall(context)).catch(refuseDuplicate(messages));
    return { message: messages.batchCreated(ids.length) };
  };
}
