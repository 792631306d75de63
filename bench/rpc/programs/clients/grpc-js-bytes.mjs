// grpc-js without a codec.
import { Client, credentials } from "@grpc/grpc-js";
import { numberBytes } from "../sample.mjs";
import { address, drive } from "./drive.mjs";
import { callbackCalls } from "./grpc-js-calls.mjs";

const same = (bytes) => bytes;
const client = new Client(address, credentials.createInsecure());
const methods = {
  getUser: (request, callback) =>
    client.makeUnaryRequest("/bench.Users/GetUser", same, same, request, callback),
  streamUsers: (request) =>
    client.makeServerStreamRequest("/bench.Users/StreamUsers", same, same, request),
};
drive(callbackCalls(methods, numberBytes(42), numberBytes, () => {}));
