import {
  defineConfig,
  readClientConfig,
  type Variables,
} from "../../../runtime/src/config/index.ts";
import { type ConnectOptions, connect } from "../../../runtime/src/connect/index.ts";
import type { ServiceDefinition } from "../../../runtime/src/index.ts";
import { cleanUp } from "../support/echo.ts";
import { implementPatterns, patterns } from "../support/four-patterns.ts";
import { serve } from "../support/serve.ts";

export const loadClientConfig = defineConfig((env) =>
  readClientConfig(env, { name: "shop", version: "1" }),
);

/** A connection that closes after the test. */
export async function connectTo(
  address: string,
  variables: Variables = {},
  options: ConnectOptions = {},
  services: readonly ServiceDefinition[] = [patterns],
) {
  const config = loadClientConfig({ SERVER_ADDRESS: address, ...variables });
  const connection = await connect(services, config, options);
  cleanUp(() => connection.close());
  return connection;
}

/** Serves the patterns and keeps the metadata of each call. */
export async function startRecording() {
  const received: Record<string, unknown>[] = [];
  const handlers = implementPatterns((context) => received.push(context.metadata.getMap()));
  return { ...(await serve([handlers])), received };
}
