// The built starter with settings of production and the local model. It measures how late its event loop is.
import { performance } from "node:perf_hooks";
import { signToken } from "grpc-service/interceptors/auth";
import { createApp } from "../dist/app.js";
import { loadConfig } from "../dist/config.js";
import { createDependencies } from "../dist/dependencies.js";
import { control } from "./control.mjs";

const { tokensPerSecond } = JSON.parse(process.argv[2]);
const config = loadConfig({
  ENV: "production",
  ADDRESS: "127.0.0.1:0",
  METRICS_ADDRESS: "127.0.0.1:0",
  LOCAL_MODEL: "on",
  LOCAL_MODEL_TOKENS_PER_SECOND: String(tokensPerSecond),
  AUTH_JWT_SECRET: "a secret of 32 bytes or more, for the benchmark",
  AUTH_ISSUER: "bench",
  AUTH_AUDIENCE: "llm",
});
const dependencies = createDependencies(config);
const app = createApp(config, dependencies);

const tickMs = 5;
let lateness = [];
let worked = [];
let previousMs = performance.now();
let previousCpu = process.cpuUsage();
let busy = performance.eventLoopUtilization();
setInterval(() => {
  const nowMs = performance.now();
  lateness.push(nowMs - previousMs - tickMs);
  previousMs = nowMs;
  const { user, system } = process.cpuUsage(previousCpu);
  worked.push((user + system) / 1000);
  previousCpu = process.cpuUsage();
}, tickMs).unref();

control(
  { port: await app.start(), token: await signToken(config.auth, "bench") },
  {
    begin() {
      lateness = [];
      worked = [];
      busy = performance.eventLoopUtilization();
    },
    /**
     * Of the time since `begin`: how late ticks were and the CPU time that the process took between two, in
     * milliseconds, and the part in which the loop was busy. What is late without CPU time is the machine's doing.
     */
    lateness() {
      const sorted = lateness.toSorted((a, b) => a - b);
      const { utilization } = performance.eventLoopUtilization(busy);
      const p99 = sorted[Math.floor(sorted.length * 0.99)];
      return { max: sorted.at(-1), p99, work: Math.max(...worked), utilization };
    },
    /** What is left of generations. */
    left() {
      const { slots } = dependencies;
      return { running: slots.runningCount, waiting: slots.waitingCount };
    },
  },
);
