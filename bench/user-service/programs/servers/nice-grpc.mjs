// nice-grpc, ts-proto and pg.
import { setTimeout as delay } from "node:timers/promises";
import { createServer, ServerError } from "nice-grpc";
import { control } from "../control.mjs";
import { UserServiceDefinition } from "../gen/ts-proto/user.js";
import { pgUsers } from "./pg-users.mjs";
import { invalid, Refusal, visible } from "./refusal.mjs";
import { maxBatchSize, newUser, rangeOf, requireRange } from "./validation.mjs";

const users = pgUsers(JSON.parse(process.argv[2]).databaseUrl);

async function* withStatus(call, context) {
  try {
    return yield* call.next(call.request, context);
  } catch (error) {
    throw error instanceof Refusal ? new ServerError(error.code, error.details) : error;
  }
}

const server = createServer().use(withStatus);
server.add(UserServiceDefinition, {
  async createUser(request) {
    return { user: await users.create(newUser(request)), message: "The user was created" };
  },
  async getUser({ id }) {
    requireRange("id", id, 1);
    return visible(await users.find(id), id);
  },
  async listUsers(request) {
    return { ...(await users.list(rangeOf(request))), page: request.page };
  },
  async *streamUsers({ delaySeconds }, { signal }) {
    requireRange("delay_seconds", delaySeconds, 0, 60);
    for await (const user of users.stream()) {
      yield user;
      if (delaySeconds > 0) await delay(delaySeconds * 1000, undefined, { signal });
    }
  },
  async createBatchUsers(requests) {
    const batch = [];
    for await (const request of requests) {
      if (batch.length === maxBatchSize) throw invalid("a batch holds at most 1000 users");
      batch.push(newUser(request));
    }
    await users.createAll(batch);
    return { message: `${batch.length} users created` };
  },
  async *chatWithUsers(requests) {
    for await (const request of requests) yield await users.create(newUser(request));
  },
});
control({ port: await server.listen("127.0.0.1:0") });
