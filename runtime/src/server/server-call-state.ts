import type { Metadata } from "@grpc/grpc-js";
import type { ServerCall } from "../call.ts";
import { CallState } from "../call-state.ts";
import { ResponseMetadata } from "../grpc-js-internals/response-metadata.ts";
import { addEntry } from "../metadata.ts";
import type { MethodInfo } from "../method.ts";
import type { PeerCertificate } from "../peer-certificate.ts";
import type { NativeCall } from "./native-call.ts";
import { ResponseHeaders } from "./response-headers.ts";

/** The call as interceptors see it; handlers see it as `CallContext`. */
export class ServerCallState extends CallState implements ServerCall {
  requestId = "";
  headersSent = false;
  #earlierDeadline: Date | undefined;
  #header: ResponseHeaders | undefined;
  #trailer: Metadata | undefined;
  #peerCertificate: PeerCertificate | undefined;
  readonly #native: NativeCall;

  constructor(method: MethodInfo, native: NativeCall) {
    super(method);
    this.#native = native;
  }

  get metadata(): Metadata {
    return this.#native.metadata;
  }

  override firstText(key: string): string | undefined {
    return this.#native.firstText(key);
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
  get header(): ResponseHeaders | undefined {
    return this.#header;
  }

  get trailer(): Metadata | undefined {
    return this.#trailer;
  }

  setHeader(key: string, value: string | Buffer): void {
    if (this.headersSent) throw new Error(`cannot set header ${key}: the headers have been sent`);
    this.#header ??= new ResponseHeaders();
    this.#header.add(key, value);
  }

  setTrailer(key: string, value: string | Buffer): void {
    this.#trailer ??= new ResponseMetadata();
    addEntry(this.#trailer, key, value);
  }
}
