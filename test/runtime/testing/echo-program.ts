import { AppServer, type Resources } from "../../../runtime/src/app/index.ts";
import {
  defineConfig,
  readServiceConfig,
  type ServiceConfig,
} from "../../../runtime/src/config/index.ts";
import { type CallContext, implement } from "../../../runtime/src/index.ts";
import { auth, jwtAuthenticator } from "../../../runtime/src/interceptors/auth/index.ts";
import { callerOf, healthMethods } from "../../../runtime/src/interceptors/index.ts";
import type { Logger } from "../../../runtime/src/logger/index.ts";
import { echoDefinition } from "../gen/echo_grpc.ts";
import { recordingLogger } from "../support/recording-logger.ts";

export interface Config extends ServiceConfig {
  readonly greeting: string;
}

export interface Dependencies {
  readonly logger: Logger;
  readonly name: string;
  readonly resources: Resources;
}

const loadConfig = defineConfig<Config>((env) => ({
  ...readServiceConfig(env, { name: "echo", version: "1" }),
  greeting: env.text("GREETING", "First word of a response.", "hello"),
}));

/** A program whose only method answers with greeting, name and caller, and requires a token. */
export const program = {
  loadConfig,
  createDependencies: (): Dependencies => ({
    logger: recordingLogger().logger,
    name: "world",
    resources: {},
  }),
  createApp(config: Config, { logger, name, resources }: Dependencies) {
    const authenticate = jwtAuthenticator(config.auth, { clock: () => new Date(), logger });
    const unary = async (_request: unknown, context: CallContext) => {
      const { subject, scopes } = callerOf(context) ?? { subject: "nobody", scopes: [] };
      const tenant = context.metadata.get("x-tenant");
      return { text: [config.greeting, name, subject, ...scopes, ...tenant].join(" ") };
    };
    return new AppServer({
      config,
      services: [implement(echoDefinition, { unary })],
      interceptors: [config.auth.required && auth({ authenticate, publicMethods: healthMethods })],
      resources,
      logger,
    });
  },
};
