import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { ClientInterceptor } from "../../gen/runtime/index.ts";
import { logging } from "../../interceptors/logging.ts";
import { metrics } from "../../interceptors/metrics.ts";
import { clientTracing, tracerRegistered } from "../../interceptors/tracing.ts";
import { bearer } from "./bearer.ts";
import { metadata } from "./metadata.ts";
import { respectRetryInfo } from "./retry-info.ts";

/** What a client has at hand; what it has not leaves its layer out. */
export interface ClientLayers {
  readonly logger?: Logger | undefined;
  readonly registry?: Registry | undefined;
  /** Gives the token for one call. */
  readonly token?: (() => string | Promise<string>) | undefined;
}

/** THE ORDER of a client: what surrounds every call it makes, outermost first. */
export function clientInterceptors({ logger, registry, token }: ClientLayers): ClientInterceptor[] {
  const layers = [
    metadata(), // names the call for all that follows, here and on the server
    tracerRegistered() && clientTracing(), // all that follows is part of the span
    registry && metrics({ registry, side: "client" }), // calls held back count, too
    logger && logging({ logger }), // with the time that callers see
    respectRetryInfo(), // before a token is made that would age in the wait
    token && bearer(token), // last: as fresh as can be
  ];
  return layers.filter((layer) => layer !== undefined && layer !== false);
}
