import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { writeFiles } from "../../scaffold/support.ts";
import { copyProject, createProject } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";
import { checks, doctor } from "./doctor.ts";

let project: string;
beforeAll(async () => {
  project = await createProject({ generated: true });
});

test("a healthy project: no check fails, and the exit code is 0", async () => {
  const { code, output, notes } = await doctor(join(project, "src"));
  expect(output).not.toMatch(/^(?:failure|warning)/m);
  for (const check of checks) expect(output).toMatch(new RegExp(`^(?:ok|skipped) +${check} `, "m"));
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
});

/** A project with a setting that is wrong, and a file that no proto gives. */
async function breakProject(): Promise<string> {
  const root = await copyProject(project);
  writeFileSync(join(root, ".env"), "ADDRESS=nowhere\n");
  writeFileSync(join(root, "src/gen/orphan.ts"), "");
  return root;
}

test("a broken one: prints what fails and the remedy, and the exit code is 1", async () => {
  const { code, output } = await doctor(await breakProject());
  expect(output).toMatch(
    /^failure +settings +ADDRESS must be host:port.*\n +-> see \.env\.example$/m,
  );
  expect(output).toMatch(
    /^failure +generated code +src\/gen\/orphan\.ts does not match the protos\n +-> \w+ run generate$/m,
  );
  for (const check of ["certificates", "resources", "port", "server"]) {
    expect(output).toMatch(
      new RegExp(`^skipped +${check} +not checked: fix the settings first$`, "m"),
    );
  }
  expect(code).toBe(1);
});

test("--json prints the same for programs", async () => {
  const { code, output } = await doctor(await breakProject(), "--json");
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    healthy: false,
    findings: expect.arrayContaining([
      expect.objectContaining({ check: "settings", status: "failure" }),
      { check: "code", status: "ok", message: expect.any(String) },
    ]),
  });
});

test("files where folders belong do not stop the other checks", async () => {
  const root = await copyProject(project);
  rmSync(join(root, "src/gen"), { recursive: true });
  rmSync(join(root, "node_modules"), { recursive: true });
  await writeFiles(root, { "src/gen": "", node_modules: "" });
  const { output } = await doctor(root);
  expect(output).toMatch(/^failure +packages +tsx is not installed$/m);
  expect(output).not.toContain("cannot be checked");
});

test("a folder .env is named, and has no readers", async () => {
  const root = await copyProject(project);
  rmSync(join(root, ".env"));
  mkdirSync(join(root, ".env"));
  const { output } = await doctor(root);
  expect(output).toMatch(/^failure +code +cannot read \S+\.env: it is a folder$/m);
  expect(output).not.toMatch(/^warning /m);
});

test("interrupted, it prints no report and returns 130", async () => {
  const signal = AbortSignal.abort();
  expect(await runCommand(["doctor"], { cwd: project, signal })).toEqual({
    code: 130,
    output: "",
    notes: "grpc-service: interrupted\n",
  });
});
