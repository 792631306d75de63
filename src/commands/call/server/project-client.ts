import { type ClientConfig, readClientConfig } from "../../../../runtime/src/config/client.ts";
import { ConfigError, EnvReader } from "../../../../runtime/src/config/env-reader.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { Host } from "../../../terminal/host.ts";
import type { Project } from "../../project/find-project.ts";
import { readVariables } from "../../project/variables.ts";

/**
 * The settings that clients of a project have, from its variables and `.env`. What the project changed in
 * src/config.ts is not seen: running it would take longer than most calls.
 *
 * @throws UsageError that names every variable that is wrong
 */
export function readProjectClient({ root, manifest }: Project, { env }: Host): ClientConfig {
  const reader = new EnvReader(readVariables(root, env));
  const service = { name: manifest.name ?? "", version: manifest.version ?? "" };
  const config = readClientConfig(reader, service);
  try {
    reader.finish();
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(error.problems.join("; "));
    throw error;
  }
  return config;
}
