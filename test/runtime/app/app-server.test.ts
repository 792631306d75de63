import { expect, test } from "vitest";
import { AppServer } from "../../../runtime/src/app/index.ts";
import { openCall } from "./support/open-call.ts";
import { startApp } from "./support/start-app.ts";

const deadlineExceeded = "4";

test("AppServer ends a call whose request does not arrive in time", async () => {
  const app = await startApp((options) => new AppServer(options), {
    variables: { REQUEST_TIMEOUT_MS: "100" },
  });
  const open = await openCall(app.address);
  expect(await open.status).toBe(deadlineExceeded);
});
