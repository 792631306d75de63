/**
 * Interceptors that need no further package, and what selects methods for them. Those that do have
 * entries of their own: `auth` (jose), `metrics` (prom-client), `rate-limit` (rate-limiter-flexible) and
 * `tracing` (@opentelemetry/api), such as `grpc-service/interceptors/auth`.
 */
export { alert, type Incident, type Notify } from "./alert.ts";
export { type AuditRecord, audit, auditLog } from "./audit.ts";
export { callerKey } from "./caller-key.ts";
export { deadline } from "./deadline.ts";
export { faultLog } from "./fault-log.ts";
export { callerOf, type Identity, identityOf } from "./identity.ts";
export { logging } from "./logging.ts";
export { recovery } from "./recovery.ts";
export { requestDetail } from "./request-detail.ts";
export { requestId } from "./request-id.ts";
export {
  type ClientInterceptors,
  healthMethods,
  type InterceptorEntry,
  type InterceptorOf,
  interceptorsByMethod,
  reflectionMethods,
  type Scope,
  type ScopedInterceptor,
  type Selector,
  type ServerInterceptors,
  unless,
  when,
} from "./scope.ts";
export { validation } from "./validation.ts";
