import { Users } from "./gen/own/users_pb.js";
import { grpcDefinition } from "./protobuf-es.mjs";

export const usersDefinition = grpcDefinition(Users);
