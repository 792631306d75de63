import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { newUser } from "../../users/new-user.ts";
import { refuseDuplicate } from "../../users/refusals.ts";
import { storeCall } from "../../users/store-call.ts";

/** Creates an active user. The message is in the configured language. */
export function createUser({ users, messages }: Dependencies): UserServiceHandlers["createUser"] {
  return async (request, context) => {
    const user = await users
      .create(newUser(request, messages), storeCall(context))
      .catch(refuseDuplicate(messages));
    return { user, message: messages.created };
  };
}
