import { PlainServer } from "grpc-service/app";
import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import { interceptors } from "./interceptors.ts";
import { services } from "./services/index.ts";

/**
 * The same services on a plain `grpc.Server`, for libraries that create or expect such a server. It can
 * replace `createApp` in main.ts. AppServer has faster streams.
 */
export function createPlainServer(config: Config, dependencies: Dependencies): PlainServer {
  return new PlainServer({
    config,
    services: services(dependencies),
    interceptors: interceptors(config, dependencies),
    resources: dependencies.resources,
    logger: dependencies.logger,
  });
}
