import { expect, test } from "vitest";
import { checkTools } from "../../../../src/commands/doctor/checks/tools.ts";

const manifest = { node: ">=20.19", packageManager: "npm" };

test("Node.js must be in the range of engines", () => {
  const check = (node: string) => checkTools(manifest, { node, userAgent: undefined });
  expect(check("v20.19.0")).toEqual([{ status: "ok", message: "Node.js v20.19.0" }]);
  expect(check("v18.20.0")).toMatchObject([
    {
      status: "failure",
      message: "Node.js v18.20.0 is running, but package.json requires >=20.19",
    },
  ]);
  expect(check("v24.0.0-rc.1")).toMatchObject([{ status: "ok" }]);
});

test("without a range every Node.js will do", () => {
  const running = { node: "v18.20.0", userAgent: undefined };
  expect(checkTools({ ...manifest, node: undefined }, running)).toMatchObject([{ status: "ok" }]);
});

test("another package manager is a warning", () => {
  const check = (userAgent: string, packageManager = "npm") =>
    checkTools({ ...manifest, packageManager }, { node: "v24.0.0", userAgent })[1];
  expect(check("npm/11.6.0 node/v24.0.0 linux x64")).toMatchObject({ status: "ok" });
  expect(check("npm/11.6.0 node/v24.0.0 linux x64", "pnpm")).toMatchObject({
    status: "warning",
    message: "npm 11.6.0 is running, but this project uses pnpm",
  });
});
