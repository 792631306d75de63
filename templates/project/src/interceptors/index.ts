import type { Config } from "../config.ts";
import type { Dependencies } from "../dependencies.ts";
import type { MethodInfo, ServerInterceptor } from "../gen/runtime/index.ts";
import { serviceVersion } from "../version.ts";
import { alert } from "./alert.ts";
import { audit, auditLog } from "./audit.ts";
import { auth } from "./auth.ts";
import { deadline } from "./deadline.ts";
import { jwtAuthenticator } from "./jwt.ts";
import { logging } from "./logging.ts";
import { metrics } from "./metrics.ts";
import { rateLimit } from "./rate-limit.ts";
import { recovery } from "./recovery.ts";
import { requestDetail } from "./request-detail.ts";
import { requestId } from "./request-id.ts";
import { layersByMethod, unless, when } from "./select.ts";
import { serverTracing, tracerRegistered } from "./tracing.ts";
import { validation } from "./validation.ts";

/** Endless, like whoever watches. */
const watch = { methods: ["grpc.health.v1.Health/Watch"] };

/** They come without a token, and too often for the log. */
const probes = { methods: ["grpc.health.v1.Health/Check", ...watch.methods] };

/** How tools find out what there is to call. */
const reflection = ["v1", "v1alpha"].map(
  (version) => `grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

/**
 * THE ORDER: what surrounds every call, outermost first. A call passes down the list to its
 * handler, and its result comes back up. Which of them a method gets is decided here, at start; what
 * is switched off by the settings is not there at all.
 *
 * @throws Error in one line when a method that is named here is not served.
 */
export async function interceptors(
  config: Config,
  { logger, clock, registry, limiter, notify }: Dependencies,
  methods: readonly MethodInfo[],
): Promise<(method: MethodInfo) => readonly ServerInterceptor[]> {
  const { environment, metricsAddress } = config;
  const { onFailure } = config.rateLimit;
  const authenticate = jwtAuthenticator(config.auth, { clock, logger });
  const publicMethods = [...probes.methods, ...(config.reflection ? reflection : [])];
  return layersByMethod(
    [
      recovery({ logger }), // around all others: a failure in any of them is a status, too
      requestId({ serverVersion: serviceVersion }), // before anything that tells of the call
      when({ where: tracerRegistered }, serverTracing()), // all that follows is part of the span
      metricsAddress !== undefined && metrics({ registry }), // refused calls count
      logging({ logger, quiet: probes.methods }), // refused calls leave a line
      when({ environments: ["development"] }, requestDetail({ logger })), // messages as they came
      notify && alert({ notify, logger }), // a fault of any layer below is one, too
      config.audit && unless(probes, audit({ sink: auditLog(logger), clock })), // refused calls, too
      unless(watch, deadline(config.deadlines)), // bounds what follows, fetching keys included
      config.auth.required && auth({ authenticate, methods, publicMethods }), // before all that ask who calls
      limiter && unless(probes, rateLimit({ limiter, logger, onFailure })), // by caller, before work
      await validation({ methods }), // last: strangers get no advice about messages
    ],
    { methods, environment },
  );
}
