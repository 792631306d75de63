import { type ChannelInterface, connectivityState } from "@grpc/grpc-js";
import { maxTimeoutMs } from "../deadline.ts";
import { createChannel, type SharedChannelSettings } from "./channel.ts";
import type { ChannelCall } from "./native-call.ts";
import { PooledCall } from "./pooled-call.ts";
import { integerIn, positive } from "./setting-checks.ts";

/** Settings of a pool; they hold for each of its channels. */
export interface ChannelPoolSettings extends SharedChannelSettings {
  /** Number of connections, 1 or more. */
  readonly size: number;
  /**
   * Calls after which a connection is replaced by a new one, for load balancers that give a connection
   * to one server or end it after a number of requests. Running calls finish. Default: no limit.
   */
  readonly maxCallsPerConnection?: number;
}

/** A channel of the pool. */
class Member {
  readonly channel: ChannelInterface;
  /** Its running calls. */
  busy = 0;
  /** Calls that it was given. */
  calls = 0;
  #isRetired = false;

  constructor(channel: ChannelInterface) {
    this.channel = channel;
  }

  count(change: 1 | -1): void {
    this.busy += change;
    this.#closeWhenDone();
  }

  /** Closes the channel when its last call has ended. */
  retire(): void {
    this.#isRetired = true;
    // The last call has been created, and is about to start.
    setImmediate(() => this.#closeWhenDone());
  }

  #closeWhenDone(): void {
    if (this.#isRetired && this.busy === 0) this.channel.close();
  }
}

/** The first of these states that any member has is the state of the pool. */
const stateOrder = [
  connectivityState.READY,
  connectivityState.CONNECTING,
  connectivityState.IDLE,
  connectivityState.TRANSIENT_FAILURE,
];

/**
 * Several connections to one address, used like one channel. A single connection is limited to the
 * number of concurrent calls that the server allows (`GrpcServer`: 100), which share its bandwidth.
 * Close the pool to close all of its connections.
 *
 * @throws Error when the address or a setting is malformed. Nothing stays open then.
 *
 * @example
 * ```ts
 * const pool = createChannelPool(address, { size: 4, services: [userServiceDefinition] });
 * const users = new UserServiceClient(pool);
 * ```
 */
export function createChannelPool(address: string, settings: ChannelPoolSettings): ChannelPool {
  const { size, maxCallsPerConnection = Number.POSITIVE_INFINITY } = settings;
  integerIn("channel pool: size", size, 1, Number.POSITIVE_INFINITY);
  positive("channel pool: maxCallsPerConnection", Math.min(maxCallsPerConnection, 2 ** 31));
  const create = () => createMember(address, settings);
  const channels: ChannelInterface[] = [];
  try {
    while (channels.length < size) channels.push(create());
  } catch (error) {
    for (const channel of channels) channel.close();
    throw error;
  }
  return new ChannelPool(channels, create, maxCallsPerConnection);
}

function createMember(address: string, settings: ChannelPoolSettings): ChannelInterface {
  return createChannel(address, {
    ...settings,
    // Otherwise channels to one address share a connection.
    channelOptions: { ...settings.channelOptions, "grpc.use_local_subchannel_pool": 1 },
  });
}

/** Gives each call to the member with the fewest calls. Made by `createChannelPool`. */
export class ChannelPool implements ChannelInterface {
  readonly #members: Member[];
  readonly #first: ChannelInterface;
  readonly #create: () => ChannelInterface;
  readonly #maxCalls: number;
  #turn = 0;
  #closed = false;

  /**
   * @param create makes the channel that replaces another one
   * @param maxCalls calls after which a channel is replaced
   */
  constructor(
    channels: readonly ChannelInterface[],
    create: () => ChannelInterface,
    maxCalls: number,
  ) {
    const [first] = channels;
    if (first === undefined) throw new RangeError("a channel pool needs a channel");
    this.#first = first;
    this.#create = create;
    this.#maxCalls = maxCalls;
    this.#members = channels.map((channel) => new Member(channel));
  }

  createCall(...parameters: Parameters<ChannelInterface["createCall"]>): ChannelCall {
    const member = this.#leastBusy();
    const call = member.channel.createCall(...parameters);
    member.calls += 1;
    if (member.calls >= this.#maxCalls && !this.#closed) this.#replace(member);
    return new PooledCall(call, (change) => member.count(change));
  }

  #replace(member: Member): void {
    this.#members[this.#members.indexOf(member)] = new Member(this.#create());
    member.retire();
  }

  close(): void {
    this.#closed = true;
    for (const { channel } of this.#members) channel.close();
  }

  getTarget(): string {
    return this.#first.getTarget();
  }

  /** The best state of any connection. */
  getConnectivityState(tryToConnect: boolean): connectivityState {
    if (this.#closed) return connectivityState.SHUTDOWN;
    const states = this.#members.map(({ channel }) => channel.getConnectivityState(tryToConnect));
    return stateOrder.find((state) => states.includes(state)) ?? connectivityState.SHUTDOWN;
  }

  watchConnectivityState(
    current: connectivityState,
    deadline: Date | number,
    callback: (error?: Error) => void,
  ): void {
    if (this.#closed) throw new Error("the channel pool is closed");
    let done = false;
    const finish = (error?: Error): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      callback(error);
    };
    const timer = startTimer(deadline, () => finish(new Error("no change before the deadline")));
    const watch = (channel: ChannelInterface): void => {
      const state = channel.getConnectivityState(false);
      if (state === connectivityState.SHUTDOWN) {
        // It was replaced: whoever watches looks at the state again.
        if (!this.#closed) finish();
        return;
      }
      // Without the deadline, so that grpc-js leaves no timers behind.
      channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, () => {
        if (this.getConnectivityState(false) !== current) finish();
        else if (!done) watch(channel);
      });
    };
    for (const { channel } of this.#members) watch(channel);
  }

  getChannelzRef(): ReturnType<ChannelInterface["getChannelzRef"]> {
    return this.#first.getChannelzRef();
  }

  /** Starts the search at another member each time, so that idle ones take turns. */
  #leastBusy(): Member {
    let best: Member | undefined;
    for (let index = 0; index < this.#members.length; index += 1) {
      const member = this.#members[(this.#turn + index) % this.#members.length];
      if (member !== undefined && (best === undefined || load(member) < load(best))) best = member;
    }
    this.#turn = (this.#turn + 1) % this.#members.length;
    if (best === undefined) throw new RangeError("a channel pool needs a channel");
    return best;
  }
}

/** Members without a connection come last. */
function load({ channel, busy }: Member): number {
  const failing = channel.getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE;
  return failing ? busy + Number.MAX_SAFE_INTEGER / 2 : busy;
}

/** @param deadline a date, or milliseconds since 1970 that may be infinite */
function startTimer(deadline: Date | number, onTimeout: () => void): NodeJS.Timeout | undefined {
  const timeoutMs = Number(deadline) - Date.now();
  if (timeoutMs > maxTimeoutMs) return undefined;
  return setTimeout(onTimeout, timeoutMs);
}
