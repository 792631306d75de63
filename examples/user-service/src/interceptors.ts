import {
  audit,
  auditLog,
  deadline,
  healthMethods,
  logging,
  recovery,
  reflectionMethods,
  requestDetail,
  requestId,
  type ServerInterceptors,
  unless,
  validation,
  when,
} from "grpc-service/interceptors";
import { auth, jwtAuthenticator } from "grpc-service/interceptors/auth";
import { metrics } from "grpc-service/interceptors/metrics";
import { rateLimit } from "grpc-service/interceptors/rate-limit";
import { serverTracing } from "grpc-service/interceptors/tracing";
import type { Config } from "./config.ts";
import type { Dependencies } from "./dependencies.ts";

const health = { methods: healthMethods };
const watch = { methods: ["grpc.health.v1.Health/Watch"] };
const publicMethods = [...healthMethods, ...reflectionMethods];

/** What surrounds every call, outermost first. Which of them a method has is decided at start. */
export function interceptors(config: Config, dependencies: Dependencies): ServerInterceptors {
  const { logger, clock, registry, limiter } = dependencies;
  const authenticate = jwtAuthenticator(config.auth, { clock, logger });
  const { onFailure } = config.rateLimit;
  return [
    recovery({ logger }), // around all others: a failure in any of them becomes a status
    requestId({ serverVersion: config.service.version }), // before anything that logs the call
    serverTracing(), // everything below is part of the span
    config.metricsAddress !== undefined && metrics({ registry }), // refused calls count
    logging({ logger, quiet: healthMethods }), // refused calls are logged
    when({ environments: ["development"] }, requestDetail({ logger })), // messages as received
    config.audit && unless(health, audit({ sink: auditLog(logger), clock })), // refused calls too
    unless(watch, deadline(config.deadlines)), // limits everything below, fetching keys included
    config.auth.required && auth({ authenticate, publicMethods }), // before all that need the caller
    limiter && unless(health, rateLimit({ limiter, logger, onFailure })), // before any work is done
    validation(), // last: callers without access get no hints about messages
  ];
}
