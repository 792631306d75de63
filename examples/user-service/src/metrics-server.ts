import { createServer, type Server } from "node:http";
import { collectDefaultMetrics, type Registry } from "prom-client";

/** Serves `GET /metrics` for Prometheus. */
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * @param address `host:port`; keep it off the public network
 * @throws Error in one line when the address is taken.
 */
export async function startMetricsServer(
  address: string,
  registry: Registry,
): Promise<MetricsServer> {
  collectDefaultMetrics({ register: registry });
  const server = createServer(async ({ method, url }, response) => {
    if (method !== "GET" || url !== "/metrics") {
      response.writeHead(404).end("GET /metrics\n");
      return;
    }
    try {
      const text = await registry.metrics();
      response.writeHead(200, { "content-type": registry.contentType }).end(text);
    } catch {
      // A metric of somebody's own failed to say its value.
      response.writeHead(500).end("the metrics cannot be read\n");
    }
  });
  const port = await listen(server, address);
  return {
    port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, address: string): Promise<number> {
  const { host, port } = /^\[?(?<host>[^\]]*)\]?:(?<port>\d+)$/.exec(address)?.groups ?? {};
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(new Error(`cannot serve metrics on ${address}: ${cause.message}`, { cause }));
    });
    server.listen({ host, port: Number(port) }, () => {
      const bound = server.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : 0);
    });
  });
}
