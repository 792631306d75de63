import type { Message } from "@bufbuild/protobuf";
import { GrpcError } from "../../runtime/src/error.ts";
import {
  ServerReflection,
  type ServerReflectionRequest,
  type ServerReflectionResponse,
} from "../../runtime/src/rpc/grpc/reflection/v1/reflection_pb.ts";
import { UsageError } from "../terminal/errors.ts";
import type { Connection } from "./connect.ts";
import { type CallSettings, makeCall } from "./make-call.ts";
import type { Conversation } from "./reflected-schema.ts";

const descriptor = ServerReflection.method.serverReflectionInfo;

/** Both versions have the same messages. Most servers have both; old ones have only the second. */
const paths = ["v1", "v1alpha"].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

/** Time limit for all answers. */
const defaultTimeoutMs = 30_000;

/** Options of a conversation. */
export interface ReflectionSettings extends Omit<CallSettings, "timeoutMs"> {
  /** Milliseconds for all answers. Default: 30 s. */
  readonly timeoutMs?: number | undefined;
}

/** Talks to the reflection service of a server, in the version that it has. */
export class ReflectionStream implements Conversation {
  readonly #connection: Connection;
  readonly #settings: CallSettings;
  readonly #paths = [...paths];
  #stream: Stream | undefined;

  constructor(connection: Connection, { metadata, signal, timeoutMs }: ReflectionSettings) {
    this.#connection = connection;
    this.#settings = { metadata, signal, timeoutMs: timeoutMs ?? defaultTimeoutMs };
  }

  async ask(request: ServerReflectionRequest): Promise<ServerReflectionResponse> {
    this.#stream ??= this.#open();
    try {
      return await this.#stream.ask(request);
    } catch (error) {
      if (!(error instanceof GrpcError)) throw error;
      if (error.code !== "UNIMPLEMENTED") throw this.#explained(error);
      this.#stream = undefined;
      this.#paths.shift();
      if (this.#paths.length > 0) return this.ask(request);
      throw new UsageError(
        `${this.#connection.address} has no server reflection: give the protos with --proto`,
      );
    }
  }

  /** Limits that the user can change. */
  #explained(error: GrpcError): GrpcError {
    const { address } = this.#connection;
    const seconds = this.#settings.timeoutMs / 1000;
    const text =
      error.code === "DEADLINE_EXCEEDED"
        ? `server reflection of ${address} took longer than ${seconds} s; --timeout sets the limit`
        : `server reflection of ${address}: ${error.rawMessage}; --max-message-size sets the limit`;
    const isLimit = error.code === "DEADLINE_EXCEEDED" || /larger than max/.test(error.rawMessage);
    return isLimit ? new GrpcError(error.code, text, { cause: error }) : error;
  }

  /** Ends the requests. */
  async close(): Promise<void> {
    await this.#stream?.close();
  }

  #open(): Stream {
    const requests = new Mailbox();
    const responses = makeCall(
      this.#connection,
      descriptor,
      requests.read(),
      this.#settings,
      this.#paths[0],
    );
    return {
      async ask(request) {
        requests.put(request);
        const { done, value } = await responses.next();
        if (done) throw new GrpcError("INTERNAL", "server reflection ended without an answer");
        // The method of the descriptor has these.
        return value as ServerReflectionResponse;
      },
      async close() {
        requests.end();
        await responses.return(undefined);
      },
    };
  }
}

interface Stream {
  ask(request: ServerReflectionRequest): Promise<ServerReflectionResponse>;
  close(): Promise<void>;
}

/** Requests that are sent when they are there. One at a time is enough: each is answered before the next. */
class Mailbox {
  #next: Message | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  put(message: Message): void {
    this.#next = message;
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *read(): AsyncGenerator<Message, void, undefined> {
    for (;;) {
      const message = this.#next;
      this.#next = undefined;
      if (message !== undefined) yield message;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
