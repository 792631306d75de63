import type { Http2Session } from "node:http2";
import { abuseCauses, connectionsDiagnostics } from "../diagnostics.ts";
import type { ResetLimit } from "../grpc-js-internals/reset-limit.ts";
import { AbuseReports, type OnAbuse } from "./abuse.ts";
import type { ArrivedCall } from "./arrived-call.ts";
import { Connection } from "./connection.ts";
import type { ServerLimits } from "./limits.ts";
import { SendWatch } from "./send-watch.ts";

/** Open connections of all servers of the process. */
let open = 0;

function countOpen(change: 1 | -1): void {
  open += change;
  if (connectionsDiagnostics.hasSubscribers) connectionsDiagnostics.publish({ open });
}

/** The connections of a server. While there is one, it looks after answers that nobody takes. */
export class Connections {
  readonly #limits: ServerLimits;
  readonly #onAbuse: OnAbuse;
  readonly #sendWatch: SendWatch<ArrivedCall>;
  readonly #open = new Map<Http2Session, Connection<ArrivedCall>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: ServerLimits, onAbuse: OnAbuse) {
    this.#limits = limits;
    this.#onAbuse = onAbuse;
    this.#sendWatch = new SendWatch(limits, ({ connection }) =>
      connection.report(abuseCauses.unreadAnswers),
    );
  }

  /** The connection of a session, until the session is closed. */
  of(session: Http2Session): Connection<ArrivedCall> | undefined {
    return this.#open.get(session);
  }

  /** All calls that have started. */
  calls(): ArrivedCall[] {
    return [...this.#open.values()].flatMap(({ calls }) => calls);
  }

  /** @param nodeLimit what Node allows, if it ends the connection beyond it */
  add(session: Http2Session, nodeLimit: ResetLimit | undefined): void {
    const reports = new AbuseReports(session, this.#onAbuse);
    this.#open.set(session, new Connection(session, this.#limits, nodeLimit, reports));
    this.#timer ??= setInterval(() => this.#look(), this.#sendWatch.tickMs).unref();
    session.once("close", () => this.#delete(session));
    countOpen(1);
  }

  #delete(session: Http2Session): void {
    this.#open.delete(session);
    countOpen(-1);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const connections = [...this.#open.values()];
    this.#sendWatch.look(connections.map(({ calls }) => calls));
    const { maxBufferedBytesPerConnection } = this.#limits;
    for (const each of connections) each.refuseExcess(maxBufferedBytesPerConnection);
  }
}
