import { GrpcError } from "../error.ts";
import type { StatusCode } from "../status-code.ts";

/** Socket errors of a host that cannot be reached. */
const networkCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Errors of pg without a code: a connection broke or did not come. */
const networkMessages =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Statuses by SQLSTATE (PostgreSQL, appendix A), or by its class. */
const statuses: readonly [states: RegExp, code: StatusCode, text: string][] = [
  [/^(?:08...|57P0[1-5]|53300)$/, "UNAVAILABLE", "the database cannot be reached"],
  [/^25006$/, "UNAVAILABLE", "the database is read only at the moment"],
  [/^(?:28...|3D000)$/, "UNAVAILABLE", "the database refuses the server"],
  [/^(?:42P01|42703|3F000|42883)$/, "UNAVAILABLE", "the database has another schema"],
  [/^40...$/, "ABORTED", "changed by somebody else at the same time: try again"],
  [/^55P03$/, "ABORTED", "locked by somebody else: try again"],
  [/^57014$/, "DEADLINE_EXCEEDED", "the database took too long"],
  [/^53...$/, "RESOURCE_EXHAUSTED", "the database is full"],
  [/^(?:22021|22P05)$/, "INVALID_ARGUMENT", "a text has a character that cannot be stored"],
  [/^23505$/, "ALREADY_EXISTS", "it exists already"],
];

/**
 * The failure of a call for an error of the database: a status if callers can do something about it, else
 * an error without the values that PostgreSQL quotes, since they would reach the log.
 */
export function databaseFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof GrpcError) return error;
  const state = stateOf(error);
  if (state === undefined) {
    return isOfNetwork(error) ? unreachable(error) : error;
  }
  const cause = new DatabaseError(error, state);
  const [, code, text] = statuses.find(([states]) => states.test(state)) ?? [];
  if (code === undefined || text === undefined) return cause;
  return new GrpcError(code, text, { cause });
}

function unreachable(cause: Error): GrpcError {
  return new GrpcError("UNAVAILABLE", "the database cannot be reached", { cause });
}

/** Whether the connection of such an error must not be used again. */
export function breaksConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const state = stateOf(error);
  return state === undefined ? isOfNetwork(error) : /^(?:08...|57P0[1-5]|25006)$/.test(state);
}

/** Whether the server is away, or will be another one soon. */
export function isLostState(state: string): boolean {
  return /^(?:08...|57P0[1-5]|53300|25006)$/.test(state);
}

/** Whether a transaction that fails so may succeed when it is repeated. */
export function isRepeatable(error: unknown): boolean {
  const cause = error instanceof GrpcError ? error.cause : error;
  if (!(cause instanceof DatabaseError)) return false;
  return /^40(?:001|P01)$/.test(cause.state) || isStaleState(cause.state, cause.message);
}

/**
 * Whether a prepared statement was not run since its table has changed, or since the database has dropped
 * it. It can be prepared again.
 */
export function isStale(error: unknown): boolean {
  return error instanceof Error && isStaleState(stateOf(error), error.message);
}

function isStaleState(state: string | undefined, text: string): boolean {
  return state === "26000" || (state === "0A000" && text.startsWith("cached plan must not change"));
}

/**
 * Whether a statement failed since another row has the same value.
 *
 * @param constraint name of the constraint; by default any
 */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const cause = error instanceof GrpcError ? error.cause : error;
  if (!(cause instanceof DatabaseError) || cause.state !== "23505") return false;
  return constraint === undefined || cause.constraint === constraint;
}

/** An error that PostgreSQL has reported, without the values of its rows. */
export class DatabaseError extends Error {
  override readonly name = "DatabaseError";
  /** SQLSTATE, such as 23505. */
  readonly state: string;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** Where in the statement, in characters from 1 on. */
  readonly position: number | undefined;

  constructor(error: Error, state: string) {
    super(quotesValues(state) ? `SQLSTATE ${state}` : `${error.message} (SQLSTATE ${state})`);
    this.state = state;
    this.table = textOf(error, "table");
    this.column = textOf(error, "column");
    this.constraint = textOf(error, "constraint");
    const position = Number(textOf(error, "position"));
    this.position = Number.isInteger(position) ? position : undefined;
  }
}

/** Classes 22 and 23, data exceptions and violated constraints, quote what callers have sent. */
function quotesValues(state: string): boolean {
  return state.startsWith("22") || state.startsWith("23");
}

/** The SQLSTATE of an error of PostgreSQL. */
function stateOf(error: Error): string | undefined {
  const code = textOf(error, "code");
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && textOf(error, "severity") !== undefined
    ? code
    : undefined;
}

function isOfNetwork(error: Error): boolean {
  return networkCodes.has(textOf(error, "code") ?? "") || networkMessages.test(error.message);
}

function textOf(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === "string" ? value : undefined;
}
