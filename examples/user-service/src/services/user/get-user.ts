import { GrpcError } from "grpc-service";
import { requireValid } from "grpc-service/error-details";
import type { Dependencies } from "../../dependencies.ts";
import type { UserServiceHandlers } from "../../gen/user_grpc.ts";
import { UserStatus } from "../../gen/user_pb.ts";
import { storeCall } from "../../users/store-call.ts";

/** Returns one user, unless the user is suspended. */
export function getUser({ users, messages }: Dependencies): UserServiceHandlers["getUser"] {
  return async ({ id }, context) => {
    requireValid({ id: id > 0 || messages.tooSmall(id, 1) });
    const user = await users.find(id, storeCall(context));
    if (user === undefined) throw new GrpcError("NOT_FOUND", messages.userNotFound(id));
    if (user.status === UserStatus.SUSPENDED) {
      throw new GrpcError("PERMISSION_DENIED", messages.userSuspended(id));
    }
    return user;
  };
}
