import { Counter, Gauge, type Registry } from "prom-client";
import type { CallTallies } from "./call-tallies.ts";
import { serverCounts } from "./server-counts.ts";

/** The labels of calls turned away whose method the server does not have. */
const unknownMethod = { grpc_service: "unknown", grpc_method: "unknown" };

/** Registers the metrics of a server that are not about a call that it has run. */
export function registerServerMetrics(
  registry: Registry,
  tallies: CallTallies,
  version: string,
): void {
  const registers = [registry];
  serverCounts.follow();
  new Gauge({
    name: "grpc_service_build_info",
    help: "Always 1. Its labels are the versions of the service and of Node.js.",
    labelNames: ["version", "node_version"],
    registers,
  }).set({ version, node_version: process.versions.node }, 1);
  new Gauge({
    name: "grpc_server_health_status",
    help: "1 while the service is SERVING, else 0. The empty name is the server as a whole.",
    labelNames: ["grpc_service"],
    registers,
    collect() {
      for (const [service, serving] of serverCounts.serving) {
        this.set({ grpc_service: service }, serving ? 1 : 0);
      }
    },
  });
  new Counter({
    name: "grpc_server_shed_total",
    help: "Calls turned away because the server is overloaded.",
    labelNames: ["grpc_service", "grpc_method"],
    registers,
    collect() {
      this.reset();
      for (const [path, { labels }] of tallies.entries()) {
        const { grpc_service, grpc_method } = labels;
        this.inc({ grpc_service, grpc_method }, serverCounts.shed.get(path) ?? 0);
      }
      this.inc(unknownMethod, serverCounts.shedUnknown);
    },
  });
  new Counter({
    name: "grpc_server_abuse_total",
    help: "Connections reported for abuse, by cause.",
    labelNames: ["cause"],
    registers,
    collect() {
      this.reset();
      for (const [cause, count] of serverCounts.abuse) this.inc({ cause }, count);
    },
  });
  new Gauge({
    name: "grpc_server_connections",
    help: "Open connections.",
    registers,
    collect() {
      this.set(serverCounts.openConnections);
    },
  });
}
