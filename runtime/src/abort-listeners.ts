type Listener = () => void;

const listenersOf = new WeakMap<AbortSignal, Set<Listener>>();

/**
 * Calls `listener` when `signal` aborts. However many calls follow one signal, it gets one listener
 * from us: Node warns of a leak when a signal has more than ten.
 *
 * @param signal a signal that has not been aborted
 * @returns removes the listener
 */
export function addAbortListener(signal: AbortSignal, listener: Listener): () => void {
  const listeners = listenersOf.get(signal) ?? listenTo(signal);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && listenersOf.get(signal) === listeners) stopListening(signal);
  };
}

function listenTo(signal: AbortSignal): Set<Listener> {
  const listeners = new Set<Listener>();
  listenersOf.set(signal, listeners);
  signal.addEventListener("abort", notify);
  return listeners;
}

function stopListening(signal: AbortSignal): void {
  listenersOf.delete(signal);
  signal.removeEventListener("abort", notify);
}

function notify(this: AbortSignal): void {
  const listeners = listenersOf.get(this);
  stopListening(this);
  for (const listener of listeners ?? []) listener();
}
