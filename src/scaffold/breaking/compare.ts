import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseJson, property } from "../../json.ts";
import { UsageError } from "../../terminal/errors.ts";
import { parseGenConfig } from "../generation/gen-config.ts";
import { runBuf } from "../protos/buf.ts";
import type { Base } from "./find-base.ts";
import { writeOldProtos } from "./old-protos.ts";

/**
 * What in the protos of a project breaks callers that know those of a commit, by the rules in its
 * `buf.yaml`: a line each, as buf prints them.
 *
 * @returns undefined if the project had no protos in that commit
 * @throws UsageError when buf cannot compare
 */
export async function breakingChanges(
  root: string,
  { commit }: Base,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const old = await mkdtemp(join(tmpdir(), "breaking-"));
  try {
    if (!(await writeOldProtos(root, commit, old, signal))) return undefined;
    for (const name of ["buf.yaml", "buf.lock"]) {
      if (existsSync(join(root, name))) await copyFile(join(root, name), join(old, name));
    }
    const { input } = parseGenConfig(await readFile(join(root, "buf.gen.yaml"), "utf8"));
    const [present, against] = input === "proto" ? [".", old] : [input, join(old, input)];
    if (!existsSync(against)) return undefined;
    const args = ["breaking", present, "--against", against, "--error-format=json"];
    const { succeeded, output, errors } = await runBuf(args, { folder: root, signal });
    if (succeeded) return [];
    const findings = parseFindings(Buffer.from(output).toString());
    const error = findings.find(({ rule }) => rule === "COMPILE");
    if (error !== undefined || findings.length === 0) {
      const reason = error?.line ?? errors.trim().replaceAll("\n", "; ");
      throw new UsageError(`the protos cannot be compared: ${reason}`);
    }
    return findings.map(({ line }) => line);
  } finally {
    await rm(old, { recursive: true });
  }
}

interface Finding {
  /** Name of buf's rule. */
  readonly rule: string;
  /** Place and text. */
  readonly line: string;
}

/** @param output a line of JSON each */
function parseFindings(output: string): Finding[] {
  const lines = output.split("\n").filter((line) => line !== "");
  return lines.map((text) => {
    const json = parseJson(text);
    const part = (name: string) => String(property(json, name) ?? "");
    const place = [part("path"), part("start_line"), part("start_column")].filter(Boolean);
    return { rule: part("type"), line: [...place, ` ${part("message")}`].join(":") };
  });
}
