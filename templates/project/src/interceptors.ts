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

/** The interceptors of every call, outermost first. Conditions are evaluated once, at start. */
export function interceptors(config: Config, dependencies: Dependencies): ServerInterceptors {
  const { logger, clock, registry, limiter } = dependencies;
  const authenticate = jwtAuthenticator(config.auth, { clock, logger });
  const { onFailure } = config.rateLimit;
  const { version } = config.service;
  return [
    recovery({ logger }), // outermost: turns every error into a status
    requestId({ serverVersion: version }), // before everything that logs the call
    serverTracing(), // the span covers everything below
    config.metricsAddress !== undefined && metrics({ registry, version }), // refused calls too
    logging({ logger, quiet: healthMethods }), // logs refused calls too
    when({ environments: ["development"] }, requestDetail({ logger })), // logs messages as received
    config.audit && unless(health, audit({ sink: auditLog(logger), clock })), // refused calls too
    unless(watch, deadline(config.deadlines)), // limits everything below, including fetching keys
    config.auth.required && auth({ authenticate, publicMethods }), // before all uses of the caller
    limiter && unless(health, rateLimit({ limiter, logger, onFailure })), // before any work is done
    validation(), // last: reveals nothing about messages to callers without access
  ];
}
