// Ours, with the limits that it has by default. Takes a JSON object of options.

import { implement } from "grpc-service";
import { GrpcServer } from "grpc-service/server";
import { control } from "../control.mjs";
import { usersDefinition } from "../gen/own/users_grpc.js";
import { usersHandlers } from "./async-handlers.mjs";

const { limits, interceptors } = JSON.parse(process.argv[2] ?? "{}");
const server = new GrpcServer({
  services: [implement(usersDefinition, usersHandlers)],
  ...(limits && { limits }),
  ...(interceptors && { interceptors: (await import("./interceptors.mjs"))[interceptors] }),
});
control({ port: await server.listen("127.0.0.1:0") });
