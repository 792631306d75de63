import { perConnection } from "./per-connection.ts";

/** What the process keeps for callers that do not read, beyond which streams send less ahead. */
const processBytes = 4 * 1024 * 1024;
/** The same for one connection. */
const connectionBytes = 1024 * 1024;

let processTotal = 0;

/** The bytes of one connection that callers have not taken yet. They also count for the process. */
export class SendBudget {
  #bytes = 0;

  get hasRoom(): boolean {
    return this.#bytes < connectionBytes && processTotal < processBytes;
  }

  /** @param bytes negative when callers have taken them */
  add(bytes: number): void {
    this.#bytes += bytes;
    processTotal += bytes;
  }
}

/** The budget of a connection. */
export const sendBudgetOf: (connection: object) => SendBudget = perConnection(
  () => new SendBudget(),
);
