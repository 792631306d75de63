import { type Channel, channel } from "node:diagnostics_channel";

/** Message of the diagnostics channel `grpc-service.server.shed`, for each call turned away. */
export interface ShedMessage {
  /** `/package.Service/Method`, as the caller sent it. */
  readonly path: string;
}

/** Message of the diagnostics channel `grpc-service.server.abuse`, once for each connection and cause. */
export interface AbuseMessage {
  /** Address and port of the peer. */
  readonly peer: string;
  readonly cause: string;
}

/** Message of the diagnostics channel `grpc-service.server.connections`, for each change. */
export interface ConnectionsMessage {
  /** Open connections of all servers of the process. */
  readonly open: number;
}

/** Message of the diagnostics channel `grpc-service.health.status`, for each change. */
export interface HealthStatusMessage {
  /** Full name of the service; the empty name is the server as a whole. */
  readonly service: string;
  readonly status: "SERVING" | "NOT_SERVING";
}

/** What `AbuseMessage.cause` can be. */
export const abuseCauses = {
  resets: "the peer resets more of its calls than allowed",
  flowControl: "the peer ignores the flow-control window",
  unreadAnswers: "the peer does not take the answers it has asked for",
} as const;

/** A channel of `node:diagnostics_channel` whose messages have one type. */
class Diagnostics<Message extends object> {
  readonly #channel: Channel;

  constructor(name: string) {
    this.#channel = channel(name);
  }

  /** Check it before making a message: without subscribers, publishing costs nothing. */
  get hasSubscribers(): boolean {
    return this.#channel.hasSubscribers;
  }

  publish(message: Message): void {
    this.#channel.publish(message);
  }

  subscribe(listener: (message: Message) => void): void {
    // Only `publish` sends on this channel.
    this.#channel.subscribe((message) => listener(message as Message));
  }
}

export const shedDiagnostics: Diagnostics<ShedMessage> = new Diagnostics(
  "grpc-service.server.shed",
);
export const abuseDiagnostics: Diagnostics<AbuseMessage> = new Diagnostics(
  "grpc-service.server.abuse",
);
export const connectionsDiagnostics: Diagnostics<ConnectionsMessage> = new Diagnostics(
  "grpc-service.server.connections",
);
export const healthDiagnostics: Diagnostics<HealthStatusMessage> = new Diagnostics(
  "grpc-service.health.status",
);
