import type { Config } from "../config.ts";
import type { Dependencies } from "../dependencies.ts";
import type { MethodInfo, ServerInterceptor } from "../gen/runtime/index.ts";
import { serviceVersion } from "../version.ts";
import { auth } from "./auth.ts";
import { jwtAuthenticator } from "./jwt.ts";
import { logging } from "./logging.ts";
import { recovery } from "./recovery.ts";
import { requestId } from "./request-id.ts";

/** Probes come without a token, and too often for the log. */
const probes = ["grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch"];

/**
 * THE ORDER: what surrounds every call, outermost first. A call passes down the list to its
 * handler, and its result comes back up.
 */
export function interceptors(
  { auth: authConfig }: Config,
  { logger, clock }: Dependencies,
  methods: readonly MethodInfo[],
): ServerInterceptor[] {
  const authenticate = jwtAuthenticator(authConfig, clock);
  return [
    recovery({ logger }), // around all others: a failure in any of them is a status, too
    requestId({ serverVersion: serviceVersion }), // before anything that logs or refuses
    logging({ logger, quiet: probes }), // around auth: refused calls leave a line, too
    auth({ authenticate, publicMethods: probes, methods }), // last: handlers know their caller
  ];
}
