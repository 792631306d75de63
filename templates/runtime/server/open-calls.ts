import type { GrpcError } from "../error.ts";

/** A call that can be ended from outside. */
export interface OpenCall {
  end(error: GrpcError): void;
}

/** The calls of a server that are running. */
export class OpenCalls {
  readonly #calls = new Set<OpenCall>();
  #idle: (() => void) | undefined;

  add(call: OpenCall): void {
    this.#calls.add(call);
  }

  delete(call: OpenCall): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#idle?.();
  }

  /** Resolves when no call is running. */
  idle(): Promise<void> {
    if (this.#calls.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  endAll(error: GrpcError): void {
    for (const call of [...this.#calls]) call.end(error);
  }
}
