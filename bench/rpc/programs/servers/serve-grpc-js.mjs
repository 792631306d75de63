// How a server on grpc-js starts here.
import * as grpc from "@grpc/grpc-js";
import { control } from "../control.mjs";

export function serve(definition, implementation) {
  const server = new grpc.Server();
  server.addService(definition, implementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    control({ port });
  });
}
