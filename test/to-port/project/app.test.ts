import { expect, test } from "vitest";
import { createApp } from "../src/app.ts";
import { describeApp } from "./app.contract.ts";
import { describeLimits } from "./limits.contract.ts";
import { openCall } from "./open-call.ts";
import { startTestApp, testConfig } from "./support.ts";

const unavailable = "14";
const deadlineExceeded = "4";

describeApp("AppServer", createApp, unavailable);
describeLimits("AppServer", createApp);

test("AppServer ends a call whose request does not come", async () => {
  const limits = { ...testConfig().limits, requestTimeoutMs: 100 };
  const app = await startTestApp({ config: { limits } });
  const open = await openCall(app.address);
  expect(await open.status).toBe(deadlineExceeded);
  open.close();
  await app.close();
});
