import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { newUser } from "../../users/new-user.ts";
import { refuseDuplicate } from "../../users/refusals.ts";
import { storeCall } from "../../users/store-call.ts";

/** Creates a user for each request and answers it before it reads the next. */
export function chatWithUsers({
  users,
  messages,
}: Dependencies): UserServiceHandlers["chatWithUsers"] {
  return async function* (requests, context) {
    const call = storeCall(context);
    for await (const request of requests) {
      yield await users.create(newUser(request, messages), call).catch(refuseDuplicate(messages));
    }
  };
}
