import {
  abuseCauses,
  abuseDiagnostics,
  connectionsDiagnostics,
  healthDiagnostics,
  shedDiagnostics,
} from "../../diagnostics.ts";

/**
 * What the servers of this process have published on diagnostics channels. There is one for the process,
 * as the channels are: a subscription for each `metrics()` would keep its registry in memory for good.
 */
export class ServerCounts {
  openConnections = 0;
  /** Connections reported for abuse, by cause. */
  readonly abuse: Map<string, number> = new Map(
    Object.values(abuseCauses).map((cause) => [cause, 0]),
  );
  /** Whether each service is SERVING. */
  readonly serving: Map<string, boolean> = new Map();
  /** Calls turned away, by the paths of the known methods. */
  readonly shed: Map<string, number> = new Map();
  /** Calls turned away whose path is not that of a known method. Callers could send any number of paths. */
  shedUnknown = 0;
  #follows = false;

  /** Counts from now on. */
  follow(): void {
    if (this.#follows) return;
    this.#follows = true;
    connectionsDiagnostics.subscribe(({ open }) => {
      this.openConnections = open;
    });
    abuseDiagnostics.subscribe(({ cause }) => {
      this.abuse.set(cause, (this.abuse.get(cause) ?? 0) + 1);
    });
    healthDiagnostics.subscribe(({ service, status }) => {
      this.serving.set(service, status === "SERVING");
    });
    shedDiagnostics.subscribe(({ path }) => this.#countShed(path));
  }

  /** Lets the calls of a method be counted under its own name. */
  addMethod(path: string): void {
    if (!this.shed.has(path)) this.shed.set(path, 0);
  }

  #countShed(path: string): void {
    const count = this.shed.get(path);
    if (count === undefined) this.shedUnknown += 1;
    else this.shed.set(path, count + 1);
  }
}

export const serverCounts: ServerCounts = new ServerCounts();
