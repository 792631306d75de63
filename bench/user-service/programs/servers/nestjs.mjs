// A microservice of NestJS with TypeORM and the pipes of class-validator.
import "reflect-metadata";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { Controller, Inject, Module, ValidationPipe } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { GrpcMethod, GrpcStreamMethod, RpcException, Transport } from "@nestjs/microservices";
import { concatMap, from, map, toArray } from "rxjs";
import { control } from "../control.mjs";
import {
  CreateUserRequest,
  GetUserRequest,
  ListUsersRequest,
  StreamUsersRequest,
} from "./nestjs-requests.mjs";
import { invalid, Refusal, visible } from "./refusal.mjs";
import { typeormUsers } from "./typeorm-users.mjs";
import { maxBatchSize, rangeOf } from "./validation.mjs";

const users = await typeormUsers(JSON.parse(process.argv[2]).databaseUrl);

const validation = new ValidationPipe({
  transform: true,
  exceptionFactory: (errors) => rpcException(invalid(errors.map(String).join("; "))),
});
const rpcException = ({ code, details }) => new RpcException({ code, message: details });

/** What every call does with what it refuses. */
const refused = (error) => {
  throw error instanceof Refusal ? rpcException(error) : error;
};

class UsersController {
  constructor(store) {
    this.store = store;
  }
  async createUser(request) {
    const { id, name, email, age, hobbies, status } = await this.store
      .create(request)
      .catch(refused);
    return { user: { id, name, email, age, hobbies, status }, message: "The user was created" };
  }
  getUser({ id }) {
    return this.store
      .find(id)
      .then((user) => visible(user, id))
      .catch(refused);
  }
  async listUsers(request) {
    return { ...(await this.store.list(rangeOf(request))), page: request.page };
  }
  streamUsers() {
    return from(this.store.stream());
  }
  createBatchUsers(stream) {
    // A pipe sees the whole stream: each request is validated by hand.
    return stream.pipe(
      concatMap((request, index) => {
        if (index === maxBatchSize) throw rpcException(invalid("a batch holds at most 1000 users"));
        return validation.transform(request, { type: "body", metatype: CreateUserRequest });
      }),
      toArray(),
      concatMap((batch) => this.store.createAll(batch).catch(refused)),
      map((created) => ({ message: `${created.length} users created` })),
    );
  }
}

const { prototype } = UsersController;
const requests = {
  createUser: CreateUserRequest,
  getUser: GetUserRequest,
  listUsers: ListUsersRequest,
  streamUsers: StreamUsersRequest,
  createBatchUsers: Object,
};
for (const [name, request] of Object.entries(requests)) {
  const method = `${name[0].toUpperCase()}${name.slice(1)}`;
  const decorate = name === "createBatchUsers" ? GrpcStreamMethod : GrpcMethod;
  Reflect.defineMetadata("design:paramtypes", [request, Object, Object], prototype, name);
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  decorate("UserService", method)(prototype, name, descriptor);
  Object.defineProperty(prototype, name, descriptor);
}
Inject("users")(UsersController, undefined, 0);
Controller()(UsersController);

class UsersModule {}
Module({
  controllers: [UsersController],
  providers: [{ provide: "users", useValue: users }],
})(UsersModule);

/** It does not tell the port that it has bound. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const port = await freePort();
const app = await NestFactory.createMicroservice(UsersModule, {
  transport: Transport.GRPC,
  logger: false,
  options: {
    url: `127.0.0.1:${port}`,
    package: "user",
    protoPath: fileURLToPath(new URL("../proto/user.proto", import.meta.url)),
    loader: { defaults: true },
  },
});
app.useGlobalPipes(validation);
await app.listen();
control({ port });
