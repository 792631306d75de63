import { HealthRegistry } from "../../../runtime/src/health/index.ts";

// Has nothing to do but to wait for its probes; one of them hangs.
const registry = new HealthRegistry();
await registry.probe("database", async () => {}, { intervalMs: 60_000, timeoutMs: 60_000 });
void registry.probe("cache", () => new Promise(() => {}), { timeoutMs: 60_000 });
process.stdout.write("checked\n");
