import { afterEach } from "vitest";
import type { AddressOptions } from "../../../runtime/src/client/index.ts";
import { EchoClient } from "../gen/echo_client.ts";
import { type Driver, drivers, type EchoOptions, type RunningServer } from "./drivers.ts";

const cleanups: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs after the test, in reverse order. */
export function cleanUp(cleanup: () => void | Promise<void>): void {
  cleanups.push(cleanup);
}

export interface EchoFixture extends RunningServer {
  readonly client: EchoClient;
}

/** A server with one client, both gone after the test. */
export async function startEcho(
  options: EchoOptions,
  driver: Driver = drivers[0] ?? raise("no driver"),
  clientOptions: AddressOptions = {},
): Promise<EchoFixture> {
  const server = await driver.start(options);
  cleanUp(() => server.close());
  return { ...server, client: connect(server.address, clientOptions) };
}

/**
 * The deadlines of clients whose deadlines are not what is tested: a busy machine may need longer
 * than the defaults, and no longer than a test may take.
 */
export const patience = { unaryTimeoutMs: 60_000, streamTimeoutMs: 60_000 };

/** A patient client with a connection of its own, closed after the test. */
export function connect(address: string, options: AddressOptions = {}): EchoClient {
  const client = new EchoClient(address, {
    ...patience,
    ...options,
    channelOptions: { "grpc.use_local_subchannel_pool": 1, ...options.channelOptions },
  });
  cleanUp(() => client.close());
  return client;
}

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of source) values.push(value);
  return values;
}

/** The error of a failed call. */
export async function failure(work: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  try {
    await (work instanceof Promise ? work : collect(work));
  } catch (error) {
    return error;
  }
  return raise("expected a failure");
}

export function raise(message: string): never {
  throw new Error(message);
}

/** A promise to be settled by hand. */
export function signpost<T = void>(): { reached: Promise<T>; reach(value: T): void } {
  let reach: (value: T) => void = () => {};
  const reached = new Promise<T>((resolve) => {
    reach = resolve;
  });
  return { reached, reach };
}

/** Resolves with the number once it has stopped changing: there is no event for "nothing happens". */
export async function settled(count: () => number): Promise<number> {
  let last = -1;
  let calm = 0;
  while (calm < 5) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    calm = count() === last ? calm + 1 : 0;
    last = count();
  }
  return last;
}

/** Resolves when `condition` holds; the test's timeout is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}
