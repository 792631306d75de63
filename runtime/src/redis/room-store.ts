import { randomUUID } from "node:crypto";
import { type Presence, presenceOf } from "../rooms/event.ts";
import type { RoomLimits } from "../rooms/limits.ts";
import type {
  RoomStore,
  RoomStoreListener,
  SharedRooms,
  StoredEvent,
  StoredMessage,
} from "../rooms/store.ts";
import type { RedisClient } from "./client.ts";
import type { Redis } from "./redis.ts";
import { enterScript, keepScript, leaveScript, sendScript } from "./room-scripts.ts";

/** Members of a server that does not keep them count as gone after this time. */
const presentSeconds = 30;

/** Options of `redisRoomStore`. */
export interface RedisRoomStoreOptions {
  /** How long the messages of a room are kept after the last one, in milliseconds. Default: a day. */
  readonly keptMs?: number;
}

/**
 * Shares rooms among all servers of a service through Redis: the messages of a room are a stream, which is
 * its history, and each server hears of new ones by pub/sub. A server hears of all rooms, also of those
 * that none of its callers is in.
 *
 * Keys are `<service>:room:<room>` and `<service>:room-members:<room>`, the channel is `<service>:rooms`.
 *
 * @example
 * ```ts
 * const rooms = createRooms({ store: redis && redisRoomStore(redis) });
 * ```
 */
export function redisRoomStore(
  redis: Redis,
  { keptMs = 86_400_000 }: RedisRoomStoreOptions = {},
): RoomStore {
  return { open: (limits, listener) => new RedisRooms(redis, keptMs, limits, listener) };
}

class RedisRooms implements SharedRooms {
  readonly keepMs = (presentSeconds * 1000) / 3;
  readonly #redis: Redis;
  readonly #keptMs: number;
  readonly #limits: RoomLimits;
  readonly #channel: string;
  readonly #server = randomUUID();

  constructor(redis: Redis, keptMs: number, limits: RoomLimits, listener: RoomStoreListener) {
    this.#redis = redis;
    this.#keptMs = keptMs;
    this.#limits = limits;
    this.#channel = `${redis.name}:rooms`;
    redis.subscribe({
      channel: this.#channel,
      message: (text) => listener.received(...receivedOf(text)),
      connected: (client) =>
        listener.connected({
          read: (room, count, after) => this.#read(client, room, count, after),
          keep: (rooms) => this.#keep(client, rooms),
        }),
    });
  }

  read(room: string, count: number, after: string | undefined): Promise<StoredMessage[]> {
    return this.#redis.run((client) => this.#read(client, room, count, after));
  }

  async send(room: string, { token, member, text }: Omit<StoredMessage, "kind" | "id">) {
    const message = JSON.stringify([room, token, member, text]);
    // Twice the backlog: so that a server that was away sees that it has missed more than it keeps.
    const parameters = [String(2 * this.#limits.backlog), String(this.#keptMs), this.#channel];
    await this.#redis.run((client) =>
      client.eval(sendScript, {
        keys: [this.#streamOf(room)],
        arguments: [...parameters, message],
      }),
    );
  }

  async enter(room: string, member: string): Promise<Presence> {
    const answer = await this.#redis.run((client) =>
      this.#runPresence(client, enterScript, room, [member]),
    );
    const [count, names] = Array.isArray(answer) ? answer : [];
    if (typeof count !== "number" || !Array.isArray(names)) {
      throw new TypeError("a room got an answer of Redis that it does not know");
    }
    const present = presenceOf(names.map(String));
    return count > names.length ? { ...present, count } : present;
  }

  async leave(room: string, member: string): Promise<void> {
    await this.#redis.run((client) => this.#runPresence(client, leaveScript, room, [member]));
  }

  async keep(rooms: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await this.#redis.run((client) => this.#keep(client, rooms));
  }

  async #read(
    client: RedisClient,
    room: string,
    count: number,
    after: string | undefined,
  ): Promise<StoredMessage[]> {
    // Redis before 6.2 knows no exclusive ranges: one more, without that one.
    const options = { COUNT: count + 1 };
    const entries = await client.xRevRange(this.#streamOf(room), "+", after ?? "-", options);
    return (entries ?? [])
      .filter(({ id }) => id !== after)
      .slice(0, count)
      .reverse()
      .flatMap(({ id, message }) => messageOf(id, message.m));
  }

  async #keep(client: RedisClient, rooms: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await Promise.all(
      [...rooms].map(([room, members]) => this.#runPresence(client, keepScript, room, members)),
    );
  }

  #runPresence(
    client: RedisClient,
    script: string,
    room: string,
    members: readonly string[],
  ): Promise<unknown> {
    const { announceUpTo } = this.#limits;
    return client.eval(script, {
      keys: [`${this.#redis.name}:room-members:${room}`],
      arguments: [
        ...[this.#channel, room, this.#server, String(presentSeconds), String(announceUpTo)],
        ...members,
      ],
    });
  }

  #streamOf(room: string): string {
    return `${this.#redis.name}:room:${room}`;
  }
}

/** Reads what the scripts publish. */
function receivedOf(text: string): [room: string, event: StoredEvent] {
  const space = text.indexOf(" ");
  const what = text.slice(0, space);
  const [room = "", first = "", ...rest] = stringsOf(text.slice(space + 1));
  if (what === "joined" || what === "left") return [room, { kind: what, member: first }];
  const [member = "", content = ""] = rest;
  return [room, { kind: "message", id: what, token: first, member, text: content }];
}

/** The message of an entry of the stream. None if somebody else has written it. */
function messageOf(id: string, stored: unknown): StoredMessage[] {
  if (typeof stored !== "string") return [];
  const [, token = "", member = "", text] = stringsOf(stored);
  if (text === undefined) return [];
  return [{ kind: "message", id, token, member, text }];
}

/** A list of texts. Empty for anything else, so that what somebody else has written does no harm. */
function stringsOf(json: string): string[] {
  try {
    const values: unknown = JSON.parse(json);
    return Array.isArray(values) ? values.map(String) : [];
  } catch {
    return [];
  }
}
