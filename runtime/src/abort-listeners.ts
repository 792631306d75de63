type Listener = () => void;

/** Those of one signal. */
interface Followed {
  readonly listeners: Set<Listener>;
  /** Whether its owner notifies them: there is no event listener to remove. */
  readonly isOwned: boolean;
}

const followed = new WeakMap<AbortSignal, Followed>();

/**
 * Calls `listener` when `signal` aborts. However many calls follow one signal, it gets one listener
 * from us: Node warns of a leak when a signal has more than ten.
 *
 * @param signal a signal that has not been aborted
 * @returns removes the listener
 */
export function addAbortListener(signal: AbortSignal, listener: Listener): () => void {
  const { listeners, isOwned } = followed.get(signal) ?? follow(signal, false);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || isOwned || followed.get(signal)?.listeners !== listeners) return;
    followed.delete(signal);
    signal.removeEventListener("abort", notify);
  };
}

/**
 * For who aborts a signal: its listeners need no event, which takes longer than a small query to the
 * database.
 *
 * @returns to be called after the abort
 */
export function ownListeners(signal: AbortSignal): () => void {
  follow(signal, true);
  return notify.bind(signal);
}

function follow(signal: AbortSignal, isOwned: boolean): Followed {
  const entry = { listeners: new Set<Listener>(), isOwned };
  followed.set(signal, entry);
  if (!isOwned) signal.addEventListener("abort", notify);
  return entry;
}

function notify(this: AbortSignal): void {
  const entry = followed.get(this);
  followed.delete(this);
  this.removeEventListener("abort", notify);
  for (const listener of entry?.listeners ?? []) listener();
}
