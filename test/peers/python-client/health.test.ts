// @module-tag python3-grpcio

import { describe, expect, test } from "vitest";
import { HealthRegistry } from "../../../runtime/src/health/index.ts";
import { cleanUp } from "../../runtime/support/echo.ts";
import { serverKinds } from "../support/servers.ts";
import { usePythonClient } from "../support/use-python.ts";

const service = "grpc.health.v1.Health";

describe.each(serverKinds)("a Python client asks $name", (kind) => {
  const client = usePythonClient();

  async function serve(registry: HealthRegistry) {
    const server = await kind.start([registry.registration()]);
    cleanUp(() => server.stop());
    return { address: `127.0.0.1:${server.port}` };
  }

  test("Check", async () => {
    const registry = new HealthRegistry();
    registry.set("a.Good", "SERVING");
    registry.set("a.Bad", "NOT_SERVING");
    const channel = await serve(registry);
    const answers: unknown[] = [];
    for (const name of ["", "a.Good", "a.Bad", "a.Missing"]) {
      const requests = [{ service: name }];
      const { code, responses } = await client.call({
        channel,
        service,
        method: "Check",
        requests,
      });
      answers.push([code, ...responses]);
    }
    expect(answers).toEqual([
      ["OK", { status: "SERVING" }],
      ["OK", { status: "SERVING" }],
      ["OK", { status: "NOT_SERVING" }],
      ["NOT_FOUND"],
    ]);
  });

  test("Watch, up to the end of the server", async () => {
    const registry = new HealthRegistry();
    const channel = await serve(registry);
    const requests = [{ service: "a.Late" }];
    const watching = client.call({ channel, service, method: "Watch", requests });
    // There is no other sign that the call has begun than what it brings.
    const first = await client.call({
      channel,
      service,
      method: "Watch",
      requests,
      cancelAfter: 1,
    });
    expect(first.responses).toEqual([{ status: "SERVICE_UNKNOWN" }]);
    registry.set("a.Late", "SERVING");
    registry.shutdown();
    const { code, responses } = await watching;
    expect(code).toBe("OK");
    expect(responses.at(-1)).toEqual({ status: "NOT_SERVING" });
  });
});
