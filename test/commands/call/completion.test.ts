import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { runCommand } from "../support/run-command.ts";
import { bundleTools } from "../support/tools.ts";
import { serveThings } from "./support/serve-things.ts";

const shells = ["bash", "zsh", "fish"];

test.each(shells)("prints a script for %s", async (shell) => {
  const { code, output, notes } = await runCommand(["completion", shell], { cwd: "/" });
  expect({ code, notes }).toEqual({ code: 0, notes: "" });
  expect(output).toContain("complete -- ");
});

test.each([
  [[], "which shell? bash, zsh or fish"],
  [["bsh"], "which shell? bash, zsh or fish; did you mean bash?"],
])("%j is refused", async (args, message) => {
  const notes = `grpc-service: ${message}\n`;
  expect(await runCommand(["completion", ...args], { cwd: "/" })).toEqual({
    code: 2,
    output: "",
    notes,
  });
});

describe.skipIf(process.platform === "win32")("bash completes", () => {
  let bin: string;
  beforeAll(async () => {
    const [folder, tools] = await Promise.all([temporaryFolder(), bundleTools()]);
    bin = folder;
    const program = join(tools, "dist/grpc-service.js");
    await writeFiles(bin, {
      "grpc-service": `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
    });
    await chmod(join(bin, "grpc-service"), 0o755);
  });

  /** What bash would offer for this line, with the cursor at its end. */
  async function offered(line: string): Promise<string[]> {
    const script = `source <(grpc-service completion bash)
compopt() { :; }
COMP_LINE="$1" COMP_POINT=\${#1}
_grpc_service
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await execa("bash", ["-c", script, "bash", line], {
      cwd: bin,
      env: { PATH: `${bin}:${process.env.PATH}` },
    });
    return stdout.split("\n").filter((word) => word !== "");
  }

  test("commands and flags", async () => {
    expect(await offered("grpc-service des")).toEqual(["describe"]);
    expect(await offered("grpc-service call --max-me")).toEqual([
      "--max-messages",
      "--max-message-size",
    ]);
  });

  test("methods, behind an address with a colon", async () => {
    const { address } = await serveThings();
    expect(await offered(`grpc-service call ${address} call.test.Things/R`)).toEqual([
      "call.test.Things/Repeat",
    ]);
    expect(await offered(`grpc-service call ${address} `)).toContain("call.test.Other/Echo");
  });
});
