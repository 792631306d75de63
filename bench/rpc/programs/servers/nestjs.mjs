// A microservice of NestJS. Its decorators are applied by hand: this is no TypeScript.
import "reflect-metadata";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { Controller, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { GrpcMethod, GrpcStreamMethod, Transport } from "@nestjs/microservices";
import { count, map, range } from "rxjs";
import { control } from "../control.mjs";
import { plainMessages } from "../messages.mjs";

const { user, counted, echo } = plainMessages;

class UsersController {
  getUser(request) {
    return user(request);
  }
  streamUsers(request) {
    return range(0, request.count).pipe(map(() => user({})));
  }
  createUsers(requests) {
    return requests.pipe(count(), map(counted));
  }
  chatWithUsers(requests) {
    return requests.pipe(map(echo));
  }
}

const unary = ["getUser", "streamUsers"];
for (const name of ["getUser", "streamUsers", "createUsers", "chatWithUsers"]) {
  const method = `${name[0].toUpperCase()}${name.slice(1)}`;
  const decorate = unary.includes(name) ? GrpcMethod : GrpcStreamMethod;
  const { prototype } = UsersController;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  decorate("Users", method)(prototype, name, descriptor);
  Object.defineProperty(prototype, name, descriptor);
}
Controller()(UsersController);

class UsersModule {}
Module({ controllers: [UsersController] })(UsersModule);

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
    package: "bench",
    protoPath: fileURLToPath(new URL("../proto/users.proto", import.meta.url)),
  },
});
await app.listen();
control({ port });
