import { quietly } from "../quietly.ts";
import { reason } from "./reason.ts";

/** Something that a service opens at start and closes at the end, such as a database. */
export interface Resource {
  /**
   * Runs before the first call, for example migrations. A failure keeps the server from starting.
   *
   * @param signal aborts when the server is stopped meanwhile
   */
  open?(signal: AbortSignal): Promise<void>;
  /**
   * Rejects while the resource does not work. The health service calls it every few seconds.
   *
   * @param signal aborts when the time limit is over
   */
  check?(signal: AbortSignal): Promise<void>;
  /**
   * True if calls can be served without it. The services then stay healthy, and the health service
   * reports the resource under its own name.
   */
  readonly optional?: boolean;
  /**
   * Runs when the server begins to stop, while calls still run: to end those that would go on for long. May
   * run twice.
   */
  drain?(): void;
  /** Runs after the last call has ended, also if `open` failed or did not run. */
  close(): Promise<void>;
}

/** Resources by the names that health, log and doctor show. Undefined entries are skipped. */
export type Resources = Readonly<Record<string, Resource | undefined>>;

/** The defined resources, by name. */
export function entriesOf(resources: Resources): [name: string, resource: Resource][] {
  return Object.entries(resources).flatMap(([name, resource]): [string, Resource][] =>
    resource === undefined ? [] : [[name, resource]],
  );
}

/**
 * Opens resources in order, until one fails or the signal aborts.
 *
 * @throws Error in one line that names the resource that fails, or the reason of the signal.
 */
export async function openAll(resources: Resources, signal: AbortSignal): Promise<void> {
  for (const [name, resource] of entriesOf(resources)) {
    signal.throwIfAborted();
    try {
      await resource.open?.(signal);
    } catch (cause) {
      throw new Error(`${name} cannot be opened: ${reason(cause)}`, { cause });
    }
  }
}

/** Lets resources end what would hold up the stop. */
export function drainAll(resources: Resources): void {
  for (const [, resource] of entriesOf(resources)) quietly(() => resource.drain?.());
}

/** Closes all resources, even if some fail. @throws AggregateError of the failures. */
export async function closeAll(resources: Resources): Promise<void> {
  const closed = await Promise.allSettled(
    entriesOf(resources).map(([, resource]) => resource.close()),
  );
  const errors = closed.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, "some resources could not be closed");
}
