import { reason } from "./reason.ts";

/** Something that the server opens and cannot do without, such as a database. */
export interface Resource {
  /** Runs before the first call; a failure keeps the server from starting. Migrations do this. */
  open?(signal: AbortSignal): Promise<void>;
  /**
   * Rejects while it does not work. Health asks it every few seconds.
   *
   * @param signal aborts when an answer would come too late
   */
  check?(signal: AbortSignal): Promise<void>;
  /**
   * True when calls are served without it, if less well. The services stay healthy then, and health
   * tells how it is under its own name.
   */
  readonly optional?: boolean;
  /** Runs after the last call has ended. */
  close(): Promise<void>;
}

/** Resources by the names that health, log and doctor call them. */
export type Resources = Readonly<Record<string, Resource>>;

/** Opens them in this order. @throws Error in one line that names the one that fails. */
export async function openAll(resources: Resources, signal: AbortSignal): Promise<void> {
  for (const [name, resource] of Object.entries(resources)) {
    try {
      await resource.open?.(signal);
    } catch (cause) {
      throw new Error(`${name} cannot be opened: ${reason(cause)}`, { cause });
    }
  }
}

/** Closes all of them, whichever fail. @throws AggregateError of those that fail. */
export async function closeAll(resources: Resources): Promise<void> {
  const closed = await Promise.allSettled(Object.values(resources).map((each) => each.close()));
  const errors = closed.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
  if (errors.length > 0) throw new AggregateError(errors, "not everything could be closed");
}
