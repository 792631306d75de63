import { openSync } from "node:fs";
import { create, setExtension } from "@bufbuild/protobuf";
import { FieldRulesSchema, field } from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import { INVALID_SPAN_CONTEXT, type Tracer, trace } from "@opentelemetry/api";
import { pino } from "pino";
import { loadConfig } from "../../examples/user-service/src/config.ts";
import { createDependencies } from "../../examples/user-service/src/dependencies.ts";
import { interceptors } from "../../examples/user-service/src/interceptors.ts";
import { healthServiceDefinition } from "../../runtime/src/health/index.ts";
import type { MethodInfo, ServerInterceptor } from "../../runtime/src/index.ts";
import { interceptorsByMethod } from "../../runtime/src/interceptors/index.ts";
import { createLogger } from "../../runtime/src/logger/index.ts";
import { requestWith } from "../../test/runtime/support/changed-request.ts";
import { patternsTaking } from "../../test/runtime/support/four-patterns.ts";

/** Everything that the settings can switch on. */
const config = loadConfig({
  ENV: "development",
  LOG_LEVEL: "info",
  REFLECTION: "off", // its methods are not served here
  METRICS_ADDRESS: "127.0.0.1:0",
  AUDIT_LOG: "on",
  RATE_LIMIT_PER_MINUTE: "1000000000",
});

/** A unary method whose request has one rule, and what an emitted project puts around it. */
export interface Layers {
  readonly method: MethodInfo;
  /** Outermost first. */
  readonly order: readonly ServerInterceptor[];
  readonly auth: typeof config.auth;
}

/** The interceptors of examples/user-service, all switched on. The log goes to /dev/null, line by line. */
export async function allLayers(): Promise<Layers> {
  registerIdleTracer();
  const rules = create(FieldRulesSchema, {
    type: { case: "string", value: { maxLen: 100n } },
  });
  const patterns = patternsTaking(requestWith((options) => setExtension(options, field, rules)));
  const nowhere = pino.destination({ dest: openSync("/dev/null", "w"), sync: true });
  const logger = createLogger(config, nowhere);
  const methods: MethodInfo[] = [
    ...Object.values(patterns),
    ...Object.values(healthServiceDefinition),
  ];
  const dependencies = createDependencies({ ...config, logLevel: "silent" });
  const entries = interceptors(config, { ...dependencies, logger });
  const { environment } = config;
  const interceptorsOf = await interceptorsByMethod(entries, { methods, environment });
  return { method: patterns.unary, order: interceptorsOf(patterns.unary), auth: config.auth };
}

/** Stands in for an SDK of OpenTelemetry, whose cost is not that of the layer. */
function registerIdleTracer(): void {
  const startSpan = () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  const startActiveSpan: Tracer["startActiveSpan"] = () => {
    throw new Error("the layer does not ask for this");
  };
  trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan, startActiveSpan }) });
}
