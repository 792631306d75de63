import { presenceOf } from "../../../runtime/src/rooms/event.ts";
import type {
  RoomStore,
  RoomStoreListener,
  SharedRooms,
  StoredMessage,
} from "../../../runtime/src/rooms/index.ts";

/** A store in memory, for any number of servers, that fails where a test wants it to. */
export class FakeStore implements RoomStore {
  readonly messages: StoredMessage[] = [];
  readonly #servers = new Set<Server>();
  readonly #present: string[] = [];

  open(_limits: unknown, listener: RoomStoreListener): Server {
    const server = new Server(this, listener);
    this.#servers.add(server);
    return server;
  }

  /** The servers, in the order in which they were opened. */
  get servers(): readonly Server[] {
    return [...this.#servers];
  }

  add(message: Omit<StoredMessage, "kind" | "id">): void {
    const stored: StoredMessage = {
      kind: "message",
      id: `1-${this.messages.length + 1}`,
      ...message,
    };
    this.messages.push(stored);
    for (const server of this.#servers) server.hear(stored);
  }

  enter(member: string) {
    this.#present.push(member);
    return presenceOf(this.#present);
  }
}

/** The connection of one server. */
export class Server implements SharedRooms {
  readonly keepMs = 60_000;
  /** `away`: nothing works. `mute`: messages are stored, and neither answered nor heard. */
  state: "connected" | "away" | "mute" = "connected";
  /** Resolves before a read is answered. */
  beforeRead: () => Promise<void> = async () => {};
  kept: ReadonlyMap<string, readonly string[]> = new Map();
  readonly #store: FakeStore;
  readonly #listener: RoomStoreListener;

  constructor(store: FakeStore, listener: RoomStoreListener) {
    this.#store = store;
    this.#listener = listener;
  }

  hear(message: StoredMessage): void {
    if (this.state === "connected") this.#listener.received("r", message);
  }

  /** A new connection. */
  async connect(): Promise<void> {
    this.state = "connected";
    await this.#listener.connected(this);
  }

  async read(_room: string, count: number, after: string | undefined): Promise<StoredMessage[]> {
    this.#check();
    const index = this.#store.messages.findIndex(({ id }) => id === after);
    const found = this.#store.messages.slice(index + 1).slice(-count);
    await this.beforeRead();
    return found;
  }

  async send(_room: string, message: Omit<StoredMessage, "kind" | "id">): Promise<void> {
    if (this.state !== "away") this.#store.add(message);
    this.#check();
  }

  async enter(_room: string, member: string) {
    this.#check();
    return this.#store.enter(member);
  }

  async leave(): Promise<void> {
    this.#check();
  }

  async keep(rooms: ReadonlyMap<string, readonly string[]>): Promise<void> {
    this.#check();
    this.kept = rooms;
  }

  #check(): void {
    if (this.state !== "connected") throw new Error("the store is away");
  }
}
