import { create, setExtension } from "@bufbuild/protobuf";
import { FieldRulesSchema, field } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { afterAll } from "vitest";
import {
  createDependencies,
  type Dependencies,
} from "../../../../examples/user-service/src/dependencies.ts";
import { interceptors } from "../../../../examples/user-service/src/interceptors.ts";
import type { MethodInfo, ServerInterceptor } from "../../../../runtime/src/index.ts";
import { signToken } from "../../../../runtime/src/interceptors/auth/index.ts";
import {
  alert,
  type Incident,
  interceptorsByMethod,
} from "../../../../runtime/src/interceptors/index.ts";
import { requestWith } from "../../support/changed-request.ts";
import { patternsTaking } from "../../support/four-patterns.ts";
import { loadConfig } from "../../support/project.ts";
import { recordSpans } from "../../support/recorded-spans.ts";

/**
 * The interceptors of a new project with everything switched on, outermost first, by their names.
 * `alert` is not among them: it is added here, as a project would.
 */
export const order = [
  "recovery",
  "requestId",
  "serverTracing",
  "metrics",
  "logging",
  "requestDetail",
  "alert",
  "audit",
  "deadline",
  "auth",
  "rateLimit",
  "validation",
];

const rules = create(FieldRulesSchema, {
  type: { case: "string", value: { notContains: "forbidden" } },
});

/** The four patterns with a rule: the text of a request must not contain "forbidden". */
export const ruledPatterns = patternsTaking(
  requestWith((options) => setExtension(options, field, rules)),
);

const config = loadConfig({
  ENV: "development",
  METRICS_ADDRESS: "127.0.0.1:0",
  AUDIT_LOG: "on",
  LOG_LEVEL: "silent",
});

/** Metadata that every interceptor accepts. */
export const metadata = { authorization: `Bearer ${await signToken(config.auth, "test-user")}` };

/** Registered before the interceptors are set up: tracing needs a tracer then. */
export const recording = recordSpans();
afterAll(() => recording.stop());

/** Sets up the interceptors of a new project, and `alert`. */
export async function setUp(
  dependencies: Dependencies,
  notify: (incident: Incident) => void,
): Promise<(method: MethodInfo) => ServerInterceptor[]> {
  const methods = Object.values(ruledPatterns);
  const { environment } = config;
  const entries = interceptors(config, dependencies);
  const interceptorsOf = await interceptorsByMethod(entries, { methods, environment });
  const alerting = alert({ notify, logger: dependencies.logger });
  return (method) =>
    interceptorsOf(method).flatMap((interceptor) =>
      interceptor.name === "requestDetail" ? [interceptor, alerting] : [interceptor],
    );
}

/** Dependencies that switch every interceptor on. */
export function allDependencies(points = 1000): Dependencies {
  const limiter = new RateLimiterMemory({ points, duration: 60 });
  return { ...createDependencies(config), limiter };
}
