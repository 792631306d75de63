import { Registry } from "prom-client";
import type { App, AppOptions, Resources } from "../../../../runtime/src/app/index.ts";
import {
  type ConfigLoader,
  defineConfig,
  readServiceConfig,
  type ServiceConfig,
} from "../../../../runtime/src/config/index.ts";
import type { HealthRegistry } from "../../../../runtime/src/health/index.ts";
import { implement } from "../../../../runtime/src/index.ts";
import { auth, jwtAuthenticator } from "../../../../runtime/src/interceptors/auth/index.ts";
import {
  healthMethods,
  recovery,
  reflectionMethods,
  type ServerInterceptors,
  unless,
} from "../../../../runtime/src/interceptors/index.ts";
import { metrics, metricsEndpoint } from "../../../../runtime/src/interceptors/metrics/index.ts";
import {
  type CallLimiter,
  createRateLimiter,
  rateLimit,
} from "../../../../runtime/src/interceptors/rate-limit/index.ts";
import { createLogger, type Logger } from "../../../../runtime/src/logger/index.ts";
import { type EchoHandlers, echoDefinition } from "../../gen/echo_grpc.ts";

export const service = { name: "echo", version: "1.2.3" };

export const loadConfig: ConfigLoader<ServiceConfig> = defineConfig((env) =>
  readServiceConfig(env, service),
);

/** What handlers and interceptors may use. */
export interface Dependencies {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly limiter: CallLimiter | undefined;
  readonly resources: Resources;
  readonly handlers: Partial<EchoHandlers>;
}

export function createDependencies(config: ServiceConfig): Dependencies {
  const logger = createLogger(config);
  const registry = new Registry();
  return {
    logger,
    registry,
    limiter: createRateLimiter(config.rateLimit),
    resources: {
      metrics: metricsEndpoint({ address: config.metricsAddress, registry, logger }),
    },
    handlers: { unary: async ({ text }) => ({ text }) },
  };
}

/** What an app with the echo service is made of. */
export function appOptions(config: ServiceConfig, dependencies: Dependencies): AppOptions {
  return {
    config,
    services: [implement(echoDefinition, dependencies.handlers)],
    interceptors: interceptors(config, dependencies),
    resources: dependencies.resources,
    logger: dependencies.logger,
  };
}

function interceptors(config: ServiceConfig, dependencies: Dependencies): ServerInterceptors {
  const { logger, registry, limiter } = dependencies;
  const authenticate = jwtAuthenticator(config.auth, { clock: () => new Date(), logger });
  const publicMethods = [...healthMethods, ...reflectionMethods];
  const { onFailure } = config.rateLimit;
  return [
    recovery({ logger }),
    config.metricsAddress !== undefined && metrics({ registry }),
    config.auth.required && auth({ authenticate, publicMethods }),
    limiter && unless({ methods: healthMethods }, rateLimit({ limiter, logger, onFailure })),
  ];
}

/** Makes one kind of app. */
export type CreateApp = (options: AppOptions) => App & { readonly health: HealthRegistry };
