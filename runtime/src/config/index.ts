/** Typed settings from environment variables, read and checked in one place. */
export { type AuthConfig, type JwtKeys, readAuthConfig, type TokenConfig } from "./auth.ts";
export { type ClientConfig, readClientConfig } from "./client.ts";
export { type DeadlineConfig, readDeadlines } from "./deadlines.ts";
export { type ConfigLoader, defineConfig } from "./define-config.ts";
export { envExample, settingsTable } from "./describe.ts";
export { ConfigError, EnvReader, type Setting } from "./env-reader.ts";
export { type Environment, readEnvironmentName } from "./environment.ts";
export { readEnvironment } from "./environment-variables.ts";
export { readLimits } from "./limits.ts";
export { type RateLimitConfig, readRateLimit } from "./rate-limit.ts";
export { type LogLevel, readServiceConfig, type ServiceConfig } from "./service.ts";
export { readServiceInfo, type ServiceInfo } from "./service-info.ts";
export {
  type ClientTlsConfig,
  type KeyPairFiles,
  readClientTls,
  readServerTls,
  type ServerTlsConfig,
} from "./tls.ts";
export type { Variables } from "./variables.ts";
