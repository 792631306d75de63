import type { Metadata } from "@grpc/grpc-js";
import type { ServerCall } from "../call.ts";
import { CallState } from "../call-state.ts";
import { ResponseMetadata } from "../grpc-js-internals/response-metadata.ts";
import { addEntry, entrySize, maxEntries } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { PeerCertificate } from "../peer-certificate.ts";
import type { NativeCall } from "./native-call.ts";

/**
 * Many peers refuse 16 KiB. And if a header block is larger than Node's http2 can send, the process
 * aborts when the connection closes.
 */
const maxHeaderBytes = 8192;

/** The call as interceptors see it; handlers see it as `CallContext`. */
export class ServerCallState extends CallState implements ServerCall {
  requestId = "";
  headersSent = false;
  #earlierDeadline: Date | undefined;
  #header: Metadata | undefined;
  #headerEntries = 0;
  #headerBytes = 0;
  #trailer: Metadata | undefined;
  #peerCertificate: PeerCertificate | undefined;
  readonly #native: NativeCall;

  constructor(method: MethodInfo, metadata: Metadata, native: NativeCall) {
    super(method, metadata);
    this.#native = native;
  }

  get peer(): string {
    return this.#native.peer;
  }

  get peerCertificate(): PeerCertificate | undefined {
    this.#peerCertificate ??= this.#native.peerCertificate;
    return this.#peerCertificate;
  }

  get authority(): string {
    return this.#native.authority;
  }

  get deadline(): Date | undefined {
    return this.#earlierDeadline ?? this.#native.deadline;
  }

  set deadline(deadline: Date | undefined) {
    this.#earlierDeadline = deadline;
  }

  /** The headers that handler and interceptors have set; undefined if none. */
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
