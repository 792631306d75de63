import type { Http2Session } from "node:http2";
import { abuseDiagnostics } from "../diagnostics.ts";
import { quietly } from "../quietly.ts";
import { addressOf } from "./connection-peer.ts";

/** What a peer has done to a server. */
export interface Abuse {
  /** Address and port of the peer. */
  readonly peer: string;
  readonly cause: string;
}

/** Called once for each connection and cause. */
export type OnAbuse = (abuse: Abuse) => void;

/** Reports each cause once for a connection. */
export class AbuseReports {
  readonly #peer: string;
  readonly #onAbuse: OnAbuse;
  readonly #reported = new Set<string>();

  constructor(session: Http2Session, onAbuse: OnAbuse) {
    this.#peer = addressOf(session, "unix socket");
    this.#onAbuse = onAbuse;
  }

  report(cause: string): void {
    if (this.#reported.has(cause)) return;
    this.#reported.add(cause);
    const abuse: Abuse = { peer: this.#peer, cause };
    if (abuseDiagnostics.hasSubscribers) abuseDiagnostics.publish(abuse);
    quietly(() => this.#onAbuse(abuse));
  }
}

/** Writes a line to standard error. */
export function logAbuse({ peer, cause }: Abuse): void {
  console.error(`abuse by ${peer}: ${cause}`);
}
