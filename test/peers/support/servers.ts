import { Server, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import { GrpcServer, toImplementation } from "../../../runtime/src/server/index.ts";

export interface StartOptions {
  readonly credentials?: ServerCredentials;
  readonly channelOptions?: ServerOptions;
  /** A free one by default. */
  readonly port?: number;
}

export interface RunningServer {
  readonly port: number;
  /** Lets running calls finish, for a second or as many milliseconds as it is told. */
  stop(graceMs?: number): Promise<void>;
}

/** One kind of server; the same is asked of both. */
export interface ServerKind {
  readonly name: string;
  start(services: readonly ServiceRegistration[], options?: StartOptions): Promise<RunningServer>;
}

const defaultGraceMs = 1_000;
const onError = (): void => {};

export const grpcServer: ServerKind = {
  name: "GrpcServer",
  async start(services, { credentials, channelOptions = {}, port = 0 } = {}) {
    const server = new GrpcServer({ services, channelOptions, onError });
    const bound = await server.listen(`127.0.0.1:${port}`, credentials);
    return { port: bound, stop: (graceMs = defaultGraceMs) => server.stop(graceMs) };
  },
};

export const plainServer: ServerKind = {
  name: "grpc.Server with toImplementation",
  async start(services, { credentials, channelOptions = {}, port = 0 } = {}) {
    const server = new Server(channelOptions);
    for (const service of services) {
      server.addService(service.definition, toImplementation(service, { onError }));
    }
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(
        `127.0.0.1:${port}`,
        credentials ?? ServerCredentials.createInsecure(),
        (error, number) => (error === null ? resolve(number) : reject(error)),
      );
    });
    return { port: bound, stop: (graceMs = defaultGraceMs) => drain(server, graceMs) };
  },
};

function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(grace);
      resolve();
    });
  });
}

export const serverKinds: readonly ServerKind[] = [grpcServer, plainServer];
