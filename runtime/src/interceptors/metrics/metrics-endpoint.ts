import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { collectDefaultMetrics, type Registry } from "prom-client";
import type { Resource } from "../../app/resource.ts";
import { textOf } from "../../error.ts";
import { listen } from "../../listen.ts";
import type { Logger } from "../../logger/logger.ts";

/** A resource that serves `GET /metrics` and `HEAD /metrics`. */
export interface MetricsEndpoint extends Resource {
  /** The bound port; undefined before `open`. */
  readonly port: number | undefined;
  open(): Promise<void>;
}

/** Options of `metricsEndpoint`. */
export interface MetricsEndpointOptions {
  /** `host:port`; keep it off the public network. Undefined: there is no endpoint. */
  readonly address: string | undefined;
  /** The metrics to serve; those of the process are added. */
  readonly registry: Registry;
  /** Logs the bound port. */
  readonly logger: Logger;
}

/** Open connections at a time. A scraper has one. */
const maxConnections = 100;

/** In milliseconds. Those who do not send a request or do not read the answer hold no connection. */
const requestTimeout = 5_000;
const idleTimeout = 30_000;

/**
 * Serves `GET /metrics` for Prometheus. It is a resource: it opens before the first call and closes after
 * the last one, so that the last calls count too. Undefined without an address.
 *
 * It has at most 100 connections at a time and closes further ones. A request has to arrive within 5
 * seconds.
 *
 * @example
 * ```ts
 * const resources = { metrics: metricsEndpoint({ address: config.metricsAddress, registry, logger }) };
 * ```
 */
export function metricsEndpoint(options: MetricsEndpointOptions): MetricsEndpoint | undefined {
  const { address, registry, logger } = options;
  if (address === undefined) return undefined;
  const limits = {
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: 1_000,
  };
  const server = createServer(limits, (request, response) => {
    void answer(registry, request, response);
  });
  server.maxConnections = maxConnections;
  server.timeout = idleTimeout;
  let port: number | undefined;
  return {
    get port() {
      return port;
    },
    /** @throws Error in one line when the address is in use. */
    async open() {
      collectDefaultMetrics({ register: registry });
      port = await listen(server, address).catch((cause: unknown) => {
        throw new Error(`cannot serve metrics on ${address}: ${textOf(cause)}`, { cause });
      });
      logger.info({ address, port }, "serving metrics");
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(
  registry: Registry,
  { method, url = "" }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.split("?", 1)[0] !== "/metrics") {
    response.writeHead(404).end("GET /metrics\n");
    return;
  }
  if (method !== "GET" && method !== "HEAD") {
    response.writeHead(405, { allow: "GET, HEAD" }).end("GET /metrics\n");
    return;
  }
  try {
    const text = await registry.metrics();
    const length = Buffer.byteLength(text);
    response.writeHead(200, { "content-type": registry.contentType, "content-length": length });
    response.end(text); // Node leaves it out of the answer to HEAD
  } catch {
    // A metric of the user failed to collect its value.
    response.writeHead(500).end("the metrics cannot be read\n");
  }
}
