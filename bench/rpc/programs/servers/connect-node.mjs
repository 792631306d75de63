import { createServer } from "node:http2";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { control } from "../control.mjs";
import { Users } from "../gen/own/users_pb.js";
import { usersHandlers } from "./async-handlers.mjs";

const server = createServer(
  connectNodeAdapter({ routes: (router) => router.service(Users, usersHandlers) }),
);
server.listen(0, "127.0.0.1", () => control({ port: server.address().port }));
