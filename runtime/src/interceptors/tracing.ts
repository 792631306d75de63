import type { Metadata } from "@grpc/grpc-js";
import {
  type Attributes,
  type Context,
  context,
  ProxyTracerProvider,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import type { ClientCall, ServerCall } from "../call.ts";
import { GrpcError } from "../error.ts";
import type { Interceptor } from "../interceptor.ts";
import { type ScopedInterceptor, when } from "./scope.ts";
import {
  authorityAttributes,
  peerAttributes,
  rememberLast,
  targetAttributes,
} from "./span-attributes.ts";
import { traceContextKey } from "./trace-context.ts";

/** Name of the tracer: the library that makes the spans. */
const tracerName = "grpc-service";

/** Statuses that mean a fault of the server; others are faults of the caller. */
const serverFaults = new Set([
  "UNKNOWN",
  "DEADLINE_EXCEEDED",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
]);

const metadataGetter: TextMapGetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => metadata.get(key).map(String),
};

const metadataSetter: TextMapSetter<Metadata> = {
  set: (metadata, key, value) => metadata.set(key, value),
};

/** How a span begins. */
interface SpanStart {
  readonly kind: SpanKind;
  readonly attributes: Attributes & { readonly "rpc.method": string };
}

/**
 * Makes a span of every served call, by the semantic conventions of OpenTelemetry for RPC. It continues the trace of the caller (`traceparent` in the
 * metadata) and is active while the handler runs. Without an OpenTelemetry SDK there are no spans and
 * no cost: register the SDK before the server starts (`node --import ./otel.js dist/main.js`).
 */
export function serverTracing(): ScopedInterceptor<ServerCall> {
  const ofServer = rememberLast(authorityAttributes);
  const ofPeer = rememberLast(peerAttributes);
  return whenRegistered(function serverTracing(call, next) {
    const parent = propagation.extract(context.active(), call.metadata, metadataGetter);
    const attributes = {
      "rpc.system.name": "grpc",
      "rpc.method": call.method.path.slice(1),
      ...ofServer(call.authority),
      ...ofPeer(call.peer),
    };
    return inSpan(call, { kind: SpanKind.SERVER, attributes }, parent, next);
  });
}

/** Makes a span of every call of a client, and sends the trace to the server in the metadata. */
export function clientTracing(): ScopedInterceptor<ClientCall> {
  const ofServer = rememberLast(targetAttributes);
  return whenRegistered(function clientTracing(call, next) {
    const attributes = {
      "rpc.system.name": "grpc",
      "rpc.method": call.method.path.slice(1),
      ...ofServer(call.target),
    };
    return inSpan(call, { kind: SpanKind.CLIENT, attributes }, context.active(), () => {
      propagation.inject(context.active(), call.metadata, metadataSetter);
      return next();
    });
  });
}

function whenRegistered<C>(interceptor: Interceptor<C>): ScopedInterceptor<C> {
  return when({ where: isTracerRegistered }, interceptor);
}

/** Whether an OpenTelemetry SDK is registered. */
function isTracerRegistered(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer(tracerName) !== undefined
  );
}

async function inSpan(
  call: ServerCall | ClientCall,
  start: SpanStart,
  parent: Context,
  work: () => Promise<void>,
): Promise<void> {
  const { kind, attributes } = start;
  const tracer = trace.getTracer(tracerName);
  const span = tracer.startSpan(attributes["rpc.method"], start, parent);
  const { traceId, spanId } = span.spanContext();
  call.set(traceContextKey, { traceId, spanId });
  try {
    await context.with(trace.setSpan(parent, span), work);
    span.setAttribute("rpc.status_code", "OK");
  } catch (error) {
    recordFailure(span, kind, GrpcError.from(error));
    throw error;
  } finally {
    if (kind === SpanKind.CLIENT) span.setAttributes(peerAttributes(call.peer));
    span.end();
  }
}

/** The code only: the text of a status may hold personal data. */
function recordFailure(span: Span, kind: SpanKind, { code }: GrpcError): void {
  span.setAttribute("rpc.status_code", code);
  if (kind === SpanKind.CLIENT || serverFaults.has(code)) {
    span.setAttribute("error.type", code);
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}
