import { status as statusNumbers } from "@grpc/grpc-js";
import {
  type Context,
  context,
  ProxyTracerProvider,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import {
  type ClientCall,
  GrpcError,
  type Interceptor,
  type ServerCall,
} from "../gen/runtime/index.ts";
import { serviceName, serviceVersion } from "../version.ts";

/** Statuses by which a server admits a fault of its own; others are the caller's. */
const serverFaults = new Set([
  "UNKNOWN",
  "DEADLINE_EXCEEDED",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
]);

/**
 * Whether there is anyone to trace for. This project brings the API of OpenTelemetry alone: load an
 * SDK before the server (`node --import ./otel.js dist/main.js`).
 */
export function tracerRegistered(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer(serviceName) !== undefined
  );
}

/**
 * Makes a span of every call, as a part of the caller's trace, which comes in the metadata
 * (`traceparent`), and current for all that the handler does.
 *
 * @example
 * ```ts
 * when({ where: tracerRegistered }, serverTracing())
 * ```
 */
export function serverTracing(): Interceptor<ServerCall> {
  return function traceServed(call, next) {
    const parent = propagation.extract(context.active(), call.metadata, {
      keys: (metadata) => Object.keys(metadata.getMap()),
      get: (metadata, key) => metadata.get(key).map(String),
    });
    return inSpan(call, SpanKind.SERVER, parent, next);
  };
}

/**
 * Makes a span of every call, and hands the trace on to the server in the metadata.
 *
 * @example
 * ```ts
 * new UserServiceClient(address, { interceptors: [clientTracing()] });
 * ```
 */
export function clientTracing(): Interceptor<ClientCall> {
  return function traceCalled(call, next) {
    return inSpan(call, SpanKind.CLIENT, context.active(), () => {
      propagation.inject(context.active(), call.metadata, {
        set: (metadata, key, value) => metadata.set(key, value),
      });
      return next();
    });
  };
}

async function inSpan(
  { method }: Pick<ServerCall, "method">,
  kind: SpanKind,
  parent: Context,
  work: () => Promise<void>,
): Promise<void> {
  const attributes = {
    "rpc.system": "grpc",
    "rpc.service": method.service,
    "rpc.method": method.name,
  };
  const tracer = trace.getTracer(serviceName, serviceVersion);
  const span = tracer.startSpan(method.path.slice(1), { kind, attributes }, parent);
  try {
    await context.with(trace.setSpan(parent, span), work);
    span.setAttribute("rpc.grpc.status_code", statusNumbers.OK);
  } catch (error) {
    recordFailure(span, kind, GrpcError.from(error));
    throw error;
  } finally {
    span.end();
  }
}

/** The code alone: the text of a status may hold personal data. */
function recordFailure(span: Span, kind: SpanKind, { code }: GrpcError): void {
  span.setAttribute("rpc.grpc.status_code", statusNumbers[code]);
  if (kind === SpanKind.CLIENT || serverFaults.has(code)) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }
}
