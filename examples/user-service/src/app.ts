import { AppServer } from "grpc-service/app";
import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";
import { interceptors } from "./interceptors.ts";
import { services } from "./services/index.ts";

/** Assembles the server. Nothing is opened before it starts. */
export function createApp(config: Config, dependencies: Dependencies): AppServer {
  return new AppServer({
    config,
    services: services(dependencies), // health and reflection are added
    interceptors: interceptors(config, dependencies),
    resources: dependencies.resources, // opened first, watched by health, closed last
    logger: dependencies.logger,
  });
}
