import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";

const bin = fileURLToPath(new URL("../../src/commands/bin.ts", import.meta.url));
const start = (...args: string[]) =>
  execa(process.execPath, ["--import", import.meta.resolve("tsx"), bin, ...args], {
    reject: false,
  });

test("runs in a process of its own", async () => {
  const [help, wrong] = await Promise.all([start("--help"), start("docter")]);
  expect(help).toMatchObject({ exitCode: 0, stderr: "" });
  expect(help.stdout).toContain("grpc-service <command>");
  expect(wrong).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: 'grpc-service: unknown command "docter"; did you mean doctor?',
  });
});

test.skipIf(process.platform !== "linux")(
  "output that cannot be written is not success",
  async () => {
    const command = '"$@" > /dev/full';
    const program = [process.execPath, "--import", import.meta.resolve("tsx"), bin];
    const run = (...args: string[]) =>
      execa("bash", ["-c", command, "bash", ...program, ...args], { reject: false });
    const failed = { exitCode: 74, stderr: "standard output: no space left on the disk" };
    expect(await run("completion", "bash")).toMatchObject(failed);
    expect(await run("--help")).toMatchObject(failed);
    expect(await run("docter")).toMatchObject({ exitCode: 2 });
  },
);

test("nothing but Node.js and the table of commands is loaded before a command runs", async () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const source = await readFile(file, "utf8");
    for (const [, specifier = ""] of source.matchAll(
      /^(?:import|\} from)(?! type).*"([^"]+)";$/gm,
    )) {
      if (specifier.startsWith(".")) await visit(resolve(dirname(file), specifier));
      else if (!specifier.startsWith("node:")) packages.add(specifier);
    }
  };
  await visit(bin);
  const folder = dirname(bin);
  // Loaded when the code that follows is kept.
  await visit(join(folder, "main.ts"));
  expect([...packages]).toEqual([]);
  const ours = [...seen].filter((file) => file.startsWith(folder)).sort();
  expect(ours).toEqual(
    [
      ...["bin.ts", "call/commands.ts", "call/flags.ts", "change-commands.ts", "command.ts"],
      ...[
        "compile-cache.ts",
        "help.ts",
        "import-path-flag.ts",
        "input.ts",
        "main.ts",
        "step-flags.ts",
      ],
    ].map((name) => join(folder, name)),
  );
});
