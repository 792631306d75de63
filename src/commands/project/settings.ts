/** The settings that a loader of the project read, or what is wrong with them. */
export type LoadedSettings<T> =
  | { readonly config: T; readonly problems: readonly [] }
  | { readonly config: undefined; readonly problems: readonly string[] };

/** Calls a loader of the project's src/config.ts. Wrong settings do not throw. */
export function loadSettings<T>(load: () => T): LoadedSettings<T> {
  try {
    return { config: load(), problems: [] };
  } catch (error) {
    if (!isConfigError(error)) throw error;
    return { config: undefined, problems: error.problems };
  }
}

/** By its shape: the class is the one of the project's grpc-service. */
function isConfigError(error: unknown): error is { readonly problems: readonly string[] } {
  return (
    error instanceof Error &&
    error.name === "ConfigError" &&
    "problems" in error &&
    Array.isArray(error.problems)
  );
}
