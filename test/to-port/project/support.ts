import type { ChannelInterface } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { createApp } from "../src/app.ts";
import { metadata } from "../src/client/interceptors/metadata.ts";
import { signToken } from "../src/client/token.ts";
import { type Config, loadConfig } from "../src/config.ts";
import { createDependencies, type Dependencies } from "../src/dependencies.ts";
import { type ClientOptions, createChannel } from "../src/gen/runtime/client/index.ts";
import type { ServiceRegistration } from "../src/gen/runtime/index.ts";
import { GrpcServer, type GrpcServerOptions } from "../src/gen/runtime/server/index.ts";
import type { App } from "../src/lifecycle.ts";
import { createLogger } from "../src/logger.ts";

/** Settings of a test: a free port on this machine, no log, a short drain. */
export function testConfig(overrides: Partial<Config> = {}): Config {
  const variables = { ENV: "test", ADDRESS: "127.0.0.1:0", LOG_LEVEL: "silent" };
  return { ...loadConfig({ ...variables, SHUTDOWN_GRACE_MS: "100" }), ...overrides };
}

/**
 * What every call of the tests brings so that the interceptors let it pass. When one of your own
 * wants more, such as a header with the tenant, add it here.
 */
export async function callerMetadata(
  { auth }: Pick<Config, "auth"> = testConfig(),
): Promise<Readonly<Record<string, string>>> {
  return { authorization: `Bearer ${await signToken(auth, "test-user")}` };
}

/** The app of this project, served over a real socket. */
export interface TestApp {
  readonly address: string;
  readonly dependencies: Dependencies;
  readonly channel: ChannelInterface;
  /** Of a client that sends `callerMetadata` with every call, and whose streams end before a test does. */
  readonly options: ClientOptions;
  /** The same without the token. */
  readonly anonymous: ClientOptions;
  /** Stops the app, as a signal does; the channel stays open. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** Starts the app with test settings; what a test wants different, it passes. */
export async function startTestApp(
  overrides: {
    config?: Partial<Config>;
    dependencies?: Partial<Dependencies>;
    create?: (config: Config, dependencies: Dependencies) => Promise<App>;
  } = {},
): Promise<TestApp> {
  const config = testConfig(overrides.config);
  const dependencies = { ...createDependencies(config), ...overrides.dependencies };
  const app = await (overrides.create ?? createApp)(config, dependencies);
  const address = `127.0.0.1:${await app.start()}`;
  const channel = createChannel(address);
  const sent = await callerMetadata(config);
  const { authorization: _, ...withoutToken } = sent;
  const sending = (values: typeof sent): ClientOptions => ({
    interceptors: [metadata({ values })],
    streamTimeoutMs: 15_000,
  });
  return {
    address,
    dependencies,
    channel,
    options: sending(sent),
    anonymous: sending(withoutToken),
    stop: () => app.stop(),
    async close() {
      channel.close();
      await app.stop();
    },
  };
}

/** A server with these services and interceptors alone. */
export interface TestServer {
  readonly channel: ChannelInterface;
  /** Stops the server; the channel stays open. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestServer(
  services: readonly ServiceRegistration[],
  interceptors: NonNullable<GrpcServerOptions["interceptors"]>,
): Promise<TestServer> {
  // Tests throw on purpose; nobody needs to read of it.
  const server = new GrpcServer({ services, interceptors, onError: () => {} });
  const channel = createChannel(`127.0.0.1:${await server.listen("127.0.0.1:0")}`);
  return {
    channel,
    stop: () => server.stop(100),
    async close() {
      channel.close();
      await server.stop(100);
    },
  };
}

/** A logger of this project that keeps its lines. */
export function recordingLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { logger: createLogger({ logLevel: "debug" }, destination), lines };
}
