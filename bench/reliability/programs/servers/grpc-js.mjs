// grpc-js as its guides write it: proto-loader, callbacks and events.
import { fileURLToPath } from "node:url";
import {
  loadPackageDefinition,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { control } from "../control.mjs";
import { answers } from "./answers.mjs";
import { handlers } from "./callback-handlers.mjs";
import { address, channelOptions } from "./options.mjs";
import { secret } from "./texts.mjs";

function failing(_method, call) {
  let mode;
  return new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata(metadata, forward) {
          [mode] = metadata.get("x-mode");
          if (mode === "interceptor") throw new Error(secret);
          forward(metadata);
        },
      }),
    sendStatus(status, forward) {
      if (mode === "interceptor afterwards") throw new Error(secret);
      forward(status);
    },
  });
}

const proto = loadSync(fileURLToPath(new URL("../proto/probe.proto", import.meta.url)));
const { Probe } = loadPackageDefinition(proto).bench;
const server = new Server({ ...channelOptions, interceptors: [failing] });
server.addService(Probe.service, handlers);
process.on("SIGTERM", () => server.tryShutdown(() => process.exit()));
server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  control({ port }, answers);
});
