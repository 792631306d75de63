// grpc-js by its own interface, protobuf-es and pg.
import { once } from "node:events";
import * as grpc from "@grpc/grpc-js";
import { control } from "../control.mjs";
import { UserService } from "../gen/own/user_pb.js";
import { grpcDefinition } from "../protobuf-es.mjs";
import { pgUsers } from "./pg-users.mjs";
import { invalid, visible } from "./refusal.mjs";
import { maxBatchSize, newUser, rangeOf, requireRange } from "./validation.mjs";

const users = pgUsers(JSON.parse(process.argv[2]).databaseUrl);

/** A handler that returns a promise of its answer. */
function unary(handle) {
  return (call, callback) => {
    handle(call).then((response) => callback(null, response), callback);
  };
}

async function send(call) {
  const { delaySeconds } = call.request;
  requireRange("delay_seconds", delaySeconds, 0, 60);
  for await (const user of users.stream()) {
    if (call.cancelled) return;
    if (!call.write(user)) await once(call, "drain");
    if (delaySeconds > 0) await new Promise((resolve) => setTimeout(resolve, delaySeconds * 1000));
  }
  call.end();
}

const server = new grpc.Server();
server.addService(grpcDefinition(UserService), {
  createUser: unary(async ({ request }) => {
    return { user: await users.create(newUser(request)), message: "The user was created" };
  }),
  getUser: unary(async ({ request: { id } }) => {
    requireRange("id", id, 1);
    return visible(await users.find(id), id);
  }),
  listUsers: unary(async ({ request }) => {
    return { ...(await users.list(rangeOf(request))), page: request.page };
  }),
  streamUsers(call) {
    send(call).catch((error) => call.emit("error", error));
  },
  createBatchUsers: unary(async (call) => {
    const batch = [];
    for await (const request of call) {
      if (batch.length === maxBatchSize) throw invalid("a batch holds at most 1000 users");
      batch.push(newUser(request));
    }
    await users.createAll(batch);
    return { message: `${batch.length} users created` };
  }),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  control({ port });
});
