import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { chatWithUsers } from "./chat-with-users.ts";
import { createBatchUsers } from "./create-batch-users.ts";
import { createUser } from "./create-user.ts";
import { getUser } from "./get-user.ts";
import { listUsers } from "./list-users.ts";
import { streamUsers } from "./stream-users.ts";

/** The handlers of user.UserService, one line per RPC. */
export function userServiceHandlers(dependencies: Dependencies): UserServiceHandlers {
  return {
    createUser: createUser(dependencies),
    getUser: getUser(dependencies),
    listUsers: listUsers(dependencies),
    streamUsers: streamUsers(dependencies),
    createBatchUsers: createBatchUsers(dependencies),
    chatWithUsers: chatWithUsers(dependencies),
  };
}
