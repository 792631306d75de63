import type { ClientHttp2Stream } from "node:http2";
import type { ClientStream } from "./client-stream.ts";
import { isObject, property } from "./property.ts";

/**
 * Takes the responses of a call from grpc-js, as they arrive from its HTTP/2 stream. grpc-js copies each
 * message, and passes it on with a turn of the event loop and several promises: more than all the rest
 * that a message costs. The status of the call still comes from grpc-js.
 *
 * Relies on private fields of `Http2SubchannelCall`: replaces `decoder.write`, sets `isPushPending`, calls
 * `maybeOutputStatus` and `callEventTracker.addMessageReceived`, and reads `maxReadMessageLength` and
 * `readState` of its decoder. Fall-back when one of them is missing: undefined, and responses come from
 * grpc-js, one at a time.
 *
 * @param found the stream of a call whose response headers have just arrived
 */
export function takeResponseBytes(
  { innermost, stream }: ClientStream,
  onBytes: (bytes: Buffer) => void,
): ResponseBytes | undefined {
  const decoder = property(innermost, "decoder");
  const tracker = property(innermost, "callEventTracker");
  if (!isReader(innermost) || !isDecoder(decoder) || !isTracker(tracker)) return undefined;
  return new ResponseBytes(stream, innermost, decoder, tracker, onBytes);
}

/** What reads the responses of a call. */
interface Reader {
  /** While it is true, the status waits. */
  isPushPending: boolean;
  maybeOutputStatus(): void;
}

function isReader(value: object): value is Reader {
  return (
    typeof property(value, "isPushPending") === "boolean" &&
    typeof property(value, "maybeOutputStatus") === "function"
  );
}

interface Decoder {
  readonly maxReadMessageLength: number;
  /** Returns the messages that are complete. */
  write(bytes: Buffer): Buffer[];
}

/** Whether it is a decoder that waits for the first message. */
function isDecoder(value: unknown): value is Decoder {
  return (
    isObject(value) &&
    typeof property(value, "write") === "function" &&
    typeof property(value, "maxReadMessageLength") === "number" &&
    property(value, "readState") === betweenMessages
  );
}

/** `ReadState.NO_DATA` */
const betweenMessages = 0;

/** Counts the messages of a call for the statistics of grpc-js. */
interface Tracker {
  addMessageReceived(): void;
}

function isTracker(value: unknown): value is Tracker {
  return typeof property(value, "addMessageReceived") === "function";
}

/** The bytes of the responses of a call, which grpc-js does not see. */
export class ResponseBytes {
  /** Size limit of a response in bytes; -1 means no limit. */
  readonly maxMessageBytes: number;
  readonly #stream: ClientHttp2Stream;
  readonly #reader: Reader;
  readonly #decoder: Decoder;
  readonly #tracker: Tracker;
  readonly #write: Decoder["write"];

  constructor(
    stream: ClientHttp2Stream,
    reader: Reader,
    decoder: Decoder,
    tracker: Tracker,
    onBytes: (bytes: Buffer) => void,
  ) {
    this.maxMessageBytes = decoder.maxReadMessageLength;
    this.#stream = stream;
    this.#reader = reader;
    this.#decoder = decoder;
    this.#tracker = tracker;
    this.#write = decoder.write;
    decoder.write = (bytes) => {
      onBytes(bytes);
      return [];
    };
  }

  /** To be called for each response, for the statistics of grpc-js. */
  countMessage(): void {
    this.#tracker.addMessageReceived();
  }

  /** Stops reading, and keeps the status of the call back. */
  pause(): void {
    this.#stream.pause();
    this.#reader.isPushPending = true;
  }

  resume(): void {
    this.#stream.resume();
    this.#reader.isPushPending = false;
    this.#reader.maybeOutputStatus();
  }

  /** Leaves these bytes and all later ones to grpc-js. */
  giveBack(bytes: Buffer): void {
    this.#decoder.write = this.#write;
    this.#reader.isPushPending = false;
    // First, since grpc-js pauses it for a message. It may have ended, so that bytes cannot be unshifted.
    this.#stream.resume();
    this.#stream.emit("data", bytes);
    this.#reader.maybeOutputStatus();
  }
}
