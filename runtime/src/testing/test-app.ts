import type { ChannelCredentials, ChannelInterface } from "@grpc/grpc-js";
import { hostOf } from "../address.ts";
import type { App } from "../app/lifecycle.ts";
import { closeAll, type Resources } from "../app/resource.ts";
import type { Program, RunConfig } from "../app/run.ts";
import { createChannel, type SharedChannelSettings } from "../client/channel.ts";
import type { ClientOptions } from "../client/client-options.ts";
import { metadata } from "../client/interceptors/metadata.ts";
import type { Variables } from "../config/variables.ts";
import type { Logger } from "../logger/logger.ts";
import type { ClientClass } from "./test-server.ts";

/** Settings of a test: a free port, no log, a short drain, and calls may wait while the machine is busy. */
const testVariables = {
  ENV: "test",
  ADDRESS: "127.0.0.1:0",
  LOG_LEVEL: "silent",
  SHUTDOWN_GRACE_MS: "100",
  MAX_WAIT_MS: "0",
};

/** Shorter than the time limit of a test, so that a stream that hangs says so. */
const streamTimeoutMs = 15_000;

/** An app on a free port of this machine, with a channel to it. */
export interface TestApp<Config, Dependencies> {
  /** Where the app listens, `127.0.0.1:<port>` unless `variables` set ADDRESS. */
  readonly address: string;
  readonly config: Config;
  readonly dependencies: Dependencies;
  /** Opened when it is first used. @throws Error with TLS and without `credentials`. */
  readonly channel: ChannelInterface;
  /** Options of a client whose calls have a token. */
  readonly options: ClientOptions;
  /** Options of a client whose calls have no token. */
  readonly anonymous: ClientOptions;
  /** Makes a client of a generated class, by default with a token. */
  client<Client>(clientClass: ClientClass<Client>, options?: ClientOptions): Client;
  /** Stops the app as a signal does; the channel stays open. */
  stop(): Promise<void>;
  /** Closes the channel and stops the app. */
  close(): Promise<void>;
}

/** What a test may change. */
export interface TestAppOptions<Config, Dependencies> {
  /** Environment variables, in addition to those of a test. Those of the process are not read. */
  readonly variables?: Variables;
  /** Replaces settings after they were read. */
  readonly config?: Partial<Config>;
  /** Replaces dependencies. */
  readonly dependencies?: Partial<Dependencies>;
  /** Subject of the token. Default: `test-user`. */
  readonly subject?: string;
  /** Scopes of the token. Default: none. */
  readonly scopes?: readonly string[];
  /** Metadata of every call, such as a header that one of your interceptors requires. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Credentials of the channel. An app with TLS needs them: only its test knows the authority. */
  readonly credentials?: ChannelCredentials;
}

/** What a test needs of an app's dependencies. */
interface TestedDependencies {
  readonly logger: Logger;
  readonly resources?: Resources;
}

/**
 * Starts an app with test settings on a free port of 127.0.0.1. It turns no call away for overload, unless
 * `variables` set MAX_WAIT_MS: a machine that runs tests is often busy.
 *
 * @param program the parts that `run` takes
 * @throws Error that says why the app cannot start; its resources are closed then, if they are the
 * dependency `resources`.
 * @example
 * ```ts
 * const app = await startTestApp({ loadConfig, createDependencies, createApp });
 * const users = app.client(UserServiceClient);
 * await users.getUser({ id: 1 });
 * await app.close();
 * ```
 */
export async function startTestApp<
  Config extends RunConfig,
  Dependencies extends TestedDependencies,
>(
  program: Program<Config, Dependencies>,
  options: TestAppOptions<Config, Dependencies> = {},
): Promise<TestApp<Config, Dependencies>> {
  const loaded = program.loadConfig({ ...testVariables, ...options.variables });
  const config = { ...loaded, ...options.config };
  const created = await program.createDependencies(config);
  const dependencies = { ...created, ...options.dependencies };
  // What fails to close is a consequence: the test should see why the app did not start.
  const orClose = async <T>(starting: Promise<T>, close: () => Promise<void>): Promise<T> =>
    await starting.catch(async (error: unknown) => {
      await close().catch(() => {});
      throw error;
    });
  const { app, clientOptions } = await orClose(
    createAppFor(program, config, dependencies, options),
    () => closeAll(dependencies.resources ?? {}),
  );
  const port = await orClose(app.start(), () => app.stop());
  const address = reachable(config.address, port);
  let opened: ChannelInterface | undefined;
  const openChannel = (): ChannelInterface => {
    opened ??= createChannel(address, channelSettings(config, options));
    return opened;
  };
  return {
    address,
    config,
    dependencies,
    get channel() {
      return openChannel();
    },
    options: clientOptions,
    anonymous: clientOptionsWith({ ...options.metadata }),
    client: (clientClass, given = clientOptions) => new clientClass(openChannel(), given),
    stop: () => app.stop(),
    async close() {
      opened?.close();
      await app.stop();
    },
  };
}

async function createAppFor<Config extends RunConfig, Dependencies extends TestedDependencies>(
  program: Program<Config, Dependencies>,
  config: Config,
  dependencies: Dependencies,
  options: TestAppOptions<Config, Dependencies>,
): Promise<{ app: App; clientOptions: ClientOptions }> {
  const authorization = await authorizationOf(config, options);
  const clientOptions = clientOptionsWith({ ...options.metadata, ...authorization });
  return { app: await program.createApp(config, dependencies), clientOptions };
}

function channelSettings<Config extends RunConfig, Dependencies>(
  { tls }: Config,
  { credentials }: TestAppOptions<Config, Dependencies>,
): SharedChannelSettings {
  if (credentials !== undefined) return { credentials };
  if (tls === undefined) return {};
  throw new Error("the app has TLS: give startTestApp the `credentials` of its channel");
}

/** The address of an app for callers on this machine. */
function reachable(address: string, port: number): string {
  if (address.startsWith("unix:")) return address;
  const host = hostOf(address);
  return `${host === "0.0.0.0" || host === "[::]" ? "127.0.0.1" : host}:${port}`;
}

/** The header with a token; empty if calls need no token, or if only a key set could sign it. */
async function authorizationOf(
  { auth }: RunConfig,
  { subject = "test-user", scopes }: { subject?: string; scopes?: readonly string[] },
): Promise<Record<string, string>> {
  if (!auth.required || auth.keys.kind !== "secret") return {};
  const { signToken } = await import("../interceptors/auth/sign-token.ts");
  return { authorization: `Bearer ${await signToken(auth, subject, scopes)}` };
}

function clientOptionsWith(values: Record<string, string>): ClientOptions {
  return { interceptors: [metadata({ values })], streamTimeoutMs };
}
