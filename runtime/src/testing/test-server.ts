import type { ChannelInterface } from "@grpc/grpc-js";
import { createChannel } from "../client/channel.ts";
import type { ClientChannel, ClientOptions } from "../client/client-options.ts";
import type { ServiceRegistration } from "../implement.ts";
import { interceptorsByMethod, type ServerInterceptors } from "../interceptors/scope.ts";
import { methodsOf } from "../method.ts";
import { GrpcServer } from "../server/grpc-server.ts";
import type { ServerLimits } from "../server/limits.ts";
import type { OnError } from "../server/method-plan.ts";

/** A generated client class. */
export type ClientClass<Client> = new (channel: ClientChannel, options?: ClientOptions) => Client;

/** Milliseconds that calls may take to finish when a test server stops. */
const graceMs = 100;

/** A server on a free port of this machine, and a channel to it. */
export interface TestServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  readonly channel: ChannelInterface;
  /** Makes a client of a generated class. */
  client<Client>(clientClass: ClientClass<Client>, options?: ClientOptions): Client;
  /** Stops the server; the channel stays open. */
  stop(): Promise<void>;
  /** Closes the channel and stops the server. */
  close(): Promise<void>;
}

/** Options of `startTestServer`. */
export interface TestServerOptions {
  /** Outermost first. */
  readonly interceptors?: ServerInterceptors;
  /** Default: `maxWaitMs` is 0, since a machine that runs tests is often busy; the others as always. */
  readonly limits?: Partial<ServerLimits>;
  /** Called with failures that are not a `GrpcError`. Default: ignored, as tests throw on purpose. */
  readonly onError?: OnError;
}

/**
 * Starts a server with these services only, on a free port of 127.0.0.1.
 *
 * @throws Error when an interceptor does not fit the services.
 * @example
 * ```ts
 * const server = await startTestServer([implement(userServiceDefinition, { getUser })]);
 * const users = server.client(UserServiceClient);
 * await users.getUser({ id: 1 });
 * await server.close();
 * ```
 */
export async function startTestServer(
  services: readonly ServiceRegistration[],
  options: TestServerOptions = {},
): Promise<TestServer> {
  const { interceptors = [], limits = {}, onError = () => {} } = options;
  const methods = methodsOf(services.map(({ definition }) => definition));
  const server = new GrpcServer({
    services,
    interceptors: await interceptorsByMethod(interceptors, { methods, environment: "test" }),
    limits: { maxWaitMs: 0, ...limits },
    onError,
  });
  const address = `127.0.0.1:${await server.listen("127.0.0.1:0")}`;
  const channel = createChannel(address);
  return {
    address,
    channel,
    client: (clientClass, clientOptions) => new clientClass(channel, clientOptions),
    stop: () => server.stop(graceMs),
    async close() {
      channel.close();
      await server.stop(graceMs);
    },
  };
}
