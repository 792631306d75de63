/** Calls a function of the user that must not break what we do. Its errors are ignored, late ones as well. */
export function quietly(action: () => unknown): void {
  try {
    const result = action();
    if (result instanceof Promise) result.catch(() => {});
  } catch {
    // This error cannot be reported anywhere.
  }
}
