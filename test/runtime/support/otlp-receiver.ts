import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { vi } from "vitest";
import { listen } from "../../../runtime/src/listen.ts";
import { cleanUp } from "./echo.ts";

/** A value as OTLP has it in JSON; integers are numbers or text. */
interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number | string;
}

/** A span as OTLP has it in JSON. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  /** 2: server, 3: client. */
  readonly kind: number;
  readonly attributes: readonly { readonly key: string; readonly value: OtlpValue }[];
  /** `code` 2: error. */
  readonly status: { readonly code?: number; readonly message?: string };
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

/**
 * Receives traces by OTLP/HTTP until the test is over. SDKs that are started meanwhile export to it, in
 * JSON.
 *
 * @returns the spans, as they arrive
 */
export async function startOtlpReceiver(): Promise<OtlpSpan[]> {
  const spans: OtlpSpan[] = [];
  const server = createServer(async (request, response) => {
    // The SDK is what is tested against: the shape of its requests is given.
    const traces = (await json(request)) as OtlpTraces;
    for (const { scopeSpans } of traces.resourceSpans) {
      spans.push(...scopeSpans.flatMap((scope) => scope.spans));
    }
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  const port = await listen(server, "127.0.0.1:0");
  vi.stubEnv("OTEL_TRACES_EXPORTER", "otlp");
  vi.stubEnv("OTEL_METRICS_EXPORTER", "none");
  vi.stubEnv("OTEL_LOGS_EXPORTER", "none");
  vi.stubEnv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json");
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `http://127.0.0.1:${port}`);
  cleanUp(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  return spans;
}

/** The attributes of a span by their names. */
export function attributesOf({ attributes }: OtlpSpan): Record<string, string | number> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );
}
