import { implement } from "../../../../runtime/src/index.ts";
import { GrpcServer } from "../../../../runtime/src/server/index.ts";
import { echoDefinition } from "../../gen/echo_grpc.ts";

/** Answers with its process id. Takes a port, 0 for any, and sends the bound one. */
const server = new GrpcServer({
  services: [
    implement(echoDefinition, {
      unary: async () => ({ number: process.pid }),
      clientStream: async (requests) => {
        for await (const _request of requests);
        return { number: process.pid };
      },
      serverStream: async function* () {
        yield { number: process.pid };
      },
      bidi: async function* (requests) {
        for await (const _request of requests) yield { number: process.pid };
      },
    }),
  ],
});

process.send?.(await server.listen(`127.0.0.1:${process.argv[2] ?? 0}`));
