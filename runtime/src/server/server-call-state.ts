import type { Metadata } from "@grpc/grpc-js";
import type { ServerCall } from "../call.ts";
import { CallState } from "../call-state.ts";
import { addEntry, entrySize, maxEntries, ResponseMetadata } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { ServerTransport } from "./transport.ts";

/**
 * Many peers refuse 16 KiB. And when a block outgrows what Node's http2 can send, the process aborts
 * as the connection closes.
 */
const maxHeaderBytes = 8192;

/** The call that interceptors see and, by a narrower type, the context of handlers. */
export class ServerCallState extends CallState implements ServerCall {
  requestId = "";
  /** Set once they have left. */
  headersSent = false;
  #earlierDeadline: Date | undefined;
  #header: Metadata | undefined;
  #headerEntries = 0;
  #headerBytes = 0;
  #trailer: Metadata | undefined;
  readonly #transport: ServerTransport;

  constructor(method: MethodInfo, metadata: Metadata, transport: ServerTransport) {
    super(method, metadata);
    this.#transport = transport;
  }

  get peer(): string {
    return this.#transport.peer;
  }

  get deadline(): Date | undefined {
    return this.#earlierDeadline ?? this.#transport.deadline;
  }

  set deadline(deadline: Date | undefined) {
    this.#earlierDeadline = deadline;
  }

  /** What handler and interceptors have set; undefined when nothing. */
  get header(): Metadata | undefined {
    return this.#header;
  }

  get trailer(): Metadata | undefined {
    return this.#trailer;
  }

  setHeader(key: string, value: string | Buffer): void {
    if (this.headersSent) throw new Error(`cannot set header ${key}: the headers have been sent`);
    const bytes = this.#headerBytes + entrySize(key, value);
    if (bytes > maxHeaderBytes || this.#headerEntries === maxEntries) {
      throw new Error(`cannot set header ${key}: the headers would be too large`);
    }
    this.#header ??= new ResponseMetadata();
    addEntry(this.#header, key, value);
    this.#headerBytes = bytes;
    this.#headerEntries += 1;
  }

  setTrailer(key: string, value: string | Buffer): void {
    this.#trailer ??= new ResponseMetadata();
    addEntry(this.#trailer, key, value);
  }
}
