import { readClientConfig } from "../../../runtime/src/config/client.ts";
import { defineConfig } from "../../../runtime/src/config/define-config.ts";
import { envExample } from "../../../runtime/src/config/describe.ts";
import { readServiceConfig } from "../../../runtime/src/config/service.ts";
import type { WiredVariable } from "../templates/wiring.ts";

/** Prints `.env.example`: the settings of the library, of starter and additions, and of clients. */
export function printEnvExample(name: string, variables: readonly WiredVariable[]): string {
  const service = { name, version: "" };
  const server = defineConfig((env) => readServiceConfig(env, service));
  const client = defineConfig((env) => readClientConfig(env, service));
  return envExample([...server.describe(), ...variables, ...client.describe()]);
}
