import { type Server, ServerCredentials } from "@grpc/grpc-js";

/** Binds a grpc-js server to a free port of this machine. Resolves with the port. */
export function bind(
  server: Server,
  credentials: ServerCredentials = ServerCredentials.createInsecure(),
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
