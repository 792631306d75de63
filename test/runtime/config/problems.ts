import {
  ConfigError,
  type ConfigLoader,
  type Variables,
} from "../../../runtime/src/config/index.ts";

/** The problems that a loader reports; none if the settings are valid. */
export function problemsOf(load: ConfigLoader<unknown>, variables: Variables): readonly string[] {
  try {
    load(variables);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}
