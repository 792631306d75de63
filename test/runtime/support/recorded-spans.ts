import {
  type Context,
  createContextKey,
  propagation,
  type Span,
  type SpanKind,
  type SpanOptions,
  type Tracer,
  trace,
} from "@opentelemetry/api";

/** A span and what was set on it. */
export interface RecordedSpan {
  readonly name: string;
  readonly kind: SpanKind | undefined;
  /** The parent trace, from the metadata. */
  readonly parent: string | undefined;
  readonly attributes: Record<string, unknown>;
  status: unknown;
  ended: boolean;
}

const parentKey = createContextKey("parent");

/** Registers a fake OpenTelemetry SDK that records spans and propagates `traceparent`. */
export function recordSpans(): { spans: RecordedSpan[]; stop(): void } {
  const spans: RecordedSpan[] = [];
  const tracer: Pick<Tracer, "startSpan"> = {
    startSpan: (name: string, { kind, attributes }: SpanOptions = {}, parent?: Context) => {
      const seen = parent?.getValue(parentKey);
      const span: RecordedSpan = {
        name,
        kind,
        parent: typeof seen === "string" ? seen : undefined,
        attributes: { ...attributes },
        status: undefined,
        ended: false,
      };
      spans.push(span);
      return spanOf(span);
    },
  };
  trace.setGlobalTracerProvider({
    getTracer: () => ({ ...tracer, startActiveSpan: () => neverCalled() }),
  });
  propagation.setGlobalPropagator({
    inject: (_context, carrier, setter) => setter.set(carrier, "traceparent", "from-client"),
    extract: (context, carrier, getter) =>
      context.setValue(parentKey, String(getter.get(carrier, "traceparent"))),
    fields: () => ["traceparent"],
  });
  return {
    spans,
    stop() {
      trace.disable();
      propagation.disable();
    },
  };
}

function spanOf(recorded: RecordedSpan): Span {
  const span: Span = {
    spanContext: () => ({ traceId: "1".repeat(32), spanId: "1".repeat(16), traceFlags: 1 }),
    setAttribute(key, value) {
      recorded.attributes[key] = value;
      return span;
    },
    setAttributes(attributes) {
      Object.assign(recorded.attributes, attributes);
      return span;
    },
    addEvent: neverCalled,
    addLink: neverCalled,
    addLinks: neverCalled,
    setStatus(status) {
      recorded.status = status;
      return span;
    },
    updateName: neverCalled,
    end() {
      recorded.ended = true;
    },
    isRecording: () => true,
    recordException: neverCalled,
  };
  return span;
}

function neverCalled(): never {
  throw new Error("not expected to be called");
}
