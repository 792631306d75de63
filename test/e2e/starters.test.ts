// @module-tag installs

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { readCatalog } from "../../src/scaffold/templates/manifests.ts";
import { documentedOutput, repeatable, runClient } from "../../tooling/packed/client.ts";
import { run } from "../../tooling/packed/commands.ts";
import { startServer } from "../../tooling/packed/server.ts";
import { passesAsEmitted, worksAsEmitted } from "./emitted.ts";
import { create, createSandbox, type Sandbox, warnings } from "./packed.ts";

/** Every folder of templates/starters: no code knows their names. */
const { starters } = readCatalog(packageRoot());

/** Data that a server has kept from earlier runs. */
const kept = ".data";

describe("each starter, through the packed tarball", { timeout: 600_000 }, () => {
  let place: Sandbox;
  beforeAll(async () => {
    place = await createSandbox();
  }, 600_000);
  afterAll(() => place.remove());

  describe.each(starters)("$name", ({ name, isDefault }) => {
    const project = () => join(place.folder, name);

    beforeAll(async () => {
      const created = await create(place, [name, "--starter", name, "--yes", "--no-git"]);
      expect(warnings(created)).toEqual([]);
    }, 600_000);

    // The commands in the README are the same in all of them.
    if (isDefault) worksAsEmitted(project);
    else passesAsEmitted(project);

    test("builds, starts, answers the demo client as docs/starter.md shows, and stops on SIGTERM", async () => {
      const expected = await documentedOutput(project());
      await run("npm", ["run", "build"], { cwd: project() });
      await rm(join(project(), kept), { recursive: true, force: true });
      const server = await startServer(project());
      try {
        const client = await runClient(project(), server.address);
        expect(client.stderr).toBe("");
        expect(repeatable(client.stdout)).toBe(expected);
        expect(client.exitCode).toBe(0);
      } finally {
        expect(await server.stop()).toBe(0);
      }
    });

    test("the demo client fails and names the address if no server listens", async () => {
      const client = await runClient(project(), "127.0.0.1:1");
      expect(client.exitCode).not.toBe(0);
      expect(client.stderr).toMatch(/^no connection to 127\.0\.0\.1:1: .*doctor/);
      expect(client.stderr).toContain("ECONNREFUSED");
    });
  });
});
