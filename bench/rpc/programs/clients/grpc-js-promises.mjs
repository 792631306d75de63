// The same with each call wrapped in a promise, as most code has it.
import { promisify } from "node:util";
import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { usersDefinition } from "../protobuf-es-definition.mjs";
import { address, check, drive } from "./drive.mjs";
import { eventStream } from "./grpc-js-calls.mjs";

const Client = makeGenericClientConstructor(usersDefinition, "Users");
const client = new Client(address, credentials.createInsecure());
const getUser = promisify(client.getUser).bind(client);
drive({
  unary: (done, fail) => void getUser({ id: 42 }).then(check).then(done, fail),
  stream: eventStream(client, (count) => ({ count })),
});
