import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { usersDefinition } from "../protobuf-es-definition.mjs";
import { address, check, drive } from "./drive.mjs";
import { callbackCalls } from "./grpc-js-calls.mjs";

const Client = makeGenericClientConstructor(usersDefinition, "Users");
const client = new Client(address, credentials.createInsecure());
drive(callbackCalls(client, { id: 42 }, (count) => ({ count }), check));
