import type { DescFile, JsonValue } from "@bufbuild/protobuf";
import { PythonProgram } from "./python.ts";

/** Metadata as pairs; values of keys that end in `-bin` are in base64. */
export type MetadataPairs = readonly (readonly [key: string, value: string])[];

/** PEM texts. A server with an authority asks for certificates of clients. */
export interface PythonTls {
  readonly authority?: string;
  readonly certificate?: string;
  readonly key?: string;
}

export interface PythonChannel {
  readonly address: string;
  readonly tls?: PythonTls;
  readonly options?: Readonly<Record<string, string | number>>;
}

export interface PythonCall {
  readonly channel: PythonChannel;
  readonly service: string;
  readonly method: string;
  /** In protobuf's JSON form. */
  readonly requests: readonly JsonValue[];
  /** Leave a stream of requests open after the last one. */
  readonly keepOpen?: boolean;
  readonly metadata?: MetadataPairs;
  /** Seconds. */
  readonly timeout?: number;
  readonly waitForReady?: boolean;
  readonly compression?: "NoCompression" | "Gzip" | "Deflate";
  /** Cancel after this many responses. */
  readonly cancelAfter?: number;
}

/** What the caller saw of a call. */
export interface PythonOutcome {
  readonly code: string;
  readonly details: string;
  readonly header: MetadataPairs;
  readonly trailer: MetadataPairs;
  /** `grpc-status-details-bin`, each detail in JSON with its type; null when there is none. */
  readonly status: JsonValue;
  readonly responses: readonly JsonValue[];
}

export interface StartedCall {
  readonly outcome: Promise<PythonOutcome>;
  cancel(): void;
}

/** A client in Python that makes any calls. */
export class PythonClient {
  readonly #program: PythonProgram;
  readonly #waiting = new Map<number, (outcome: PythonOutcome) => void>();
  readonly #ended: Promise<never>;
  #lastId = 0;

  constructor(protos: readonly DescFile[]) {
    this.#program = new PythonProgram("client", protos);
    this.#ended = this.#readOutcomes();
    // Told to those who wait for a call.
    this.#ended.catch(() => {});
  }

  call(call: PythonCall): Promise<PythonOutcome> {
    return this.start(call).outcome;
  }

  start(call: PythonCall): StartedCall {
    this.#lastId += 1;
    const id = this.#lastId;
    const arrived = new Promise<PythonOutcome>((resolve) => this.#waiting.set(id, resolve));
    this.#program.send({ id, ...call });
    return {
      outcome: Promise.race([arrived, this.#ended]),
      cancel: () => this.#program.send({ cancel: id }),
    };
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }

  async #readOutcomes(): Promise<never> {
    for (;;) {
      const { id, outcome } = await this.#program.next<{ id: number; outcome: PythonOutcome }>();
      this.#waiting.get(id)?.(outcome);
      this.#waiting.delete(id);
    }
  }
}
