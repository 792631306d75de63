import {
  type DescMethod,
  type JsonValue,
  type Message,
  type Registry,
  toJson,
} from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { Metadata } from "@grpc/grpc-js";
import type { GrpcError } from "grpc-service";
import { isOfTransport } from "../transport-keys.ts";

/** Messages of one stub. Further ones of a stream are not recorded. */
const maxMessages = 1_000;

/** A stub, as it is written into a file. */
export type StubJson = { [key: string]: JsonValue };

/** One request and the responses to it, while they pass. */
export class RecordedCall {
  readonly #method: DescMethod;
  readonly #registry: Registry;
  readonly #match: JsonValue;
  readonly #responses: JsonValue[] = [];
  readonly #started = performance.now();
  #firstMs: number | undefined;
  #lastMs = 0;
  #headers: StubJson = {};
  #trailers: StubJson = {};
  #status: StubJson | undefined;

  constructor(method: DescMethod, request: Message, registry: Registry) {
    this.#method = method;
    this.#registry = registry;
    this.#match = toJson(method.input, request, { registry });
  }

  onHeader(header: Metadata): void {
    this.#headers = entriesOf(header);
  }

  onTrailer(trailer: Metadata): void {
    this.#trailers = entriesOf(trailer);
  }

  onResponse(response: Message): void {
    this.#lastMs = performance.now() - this.#started;
    this.#firstMs ??= this.#lastMs;
    if (this.#responses.length >= maxMessages) return;
    this.#responses.push(toJson(this.#method.output, response, { registry: this.#registry }));
  }

  onFailure({ code, rawMessage, details }: GrpcError): void {
    this.#status = {
      code,
      message: rawMessage,
      ...(details.length > 0 && {
        details: details.flatMap((detail) => this.#detail(detail)),
      }),
    };
  }

  /** The stub that repeats it. */
  get stub(): StubJson {
    const isStream = /^(?:server|bidi)_streaming$/.test(this.#method.methodKind);
    const [response] = this.#responses;
    const firstMs = this.#firstMs ?? performance.now() - this.#started;
    const gaps = this.#responses.length - 1;
    return {
      match: this.#match,
      ...(isStream ? { responses: this.#responses } : response !== undefined && { response }),
      ...(this.#status && { status: this.#status }),
      ...(Object.keys(this.#headers).length > 0 && { headers: this.#headers }),
      ...(Object.keys(this.#trailers).length > 0 && { trailers: this.#trailers }),
      latency: `${Math.round(firstMs)}ms`,
      ...(gaps > 0 && { interval: `${Math.round((this.#lastMs - firstMs) / gaps)}ms` }),
    };
  }

  /** Left out if its type is not known. */
  #detail(detail: GrpcError["details"][number]): JsonValue[] {
    try {
      return [toJson(AnySchema, detail, { registry: this.#registry })];
    } catch {
      return [];
    }
  }
}

/** Without what HTTP/2 and gRPC add themselves. */
function entriesOf(metadata: Metadata): StubJson {
  const keys = Object.keys(metadata.getMap()).filter((key) => !isOfTransport(key));
  return Object.fromEntries(
    keys.map((key): [string, JsonValue] => {
      const values = metadata.get(key).map((value) => value.toString("base64"));
      return [key, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
