import { createServer } from "nice-grpc";
import { control } from "../control.mjs";
import { UsersDefinition } from "../gen/ts-proto/users.js";
import { usersHandlers } from "./async-handlers.mjs";

const server = createServer();
server.add(UsersDefinition, usersHandlers);
control({ port: await server.listen("127.0.0.1:0") });
