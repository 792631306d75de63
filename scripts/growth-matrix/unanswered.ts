import { join } from "node:path";
import { execa } from "execa";

/** Prints the RPCs of a project that no handler answers: what a running server would say. */
const program = `
import { readdirSync } from "node:fs";
import { services } from "./src/services/index.ts";

const anything = new Proxy(() => anything, { get: (_, key) => key === "then" ? undefined : anything });
const answered = new Set();
for (const { definition, handlers } of services(anything)) {
  for (const [name, { path }] of Object.entries(definition)) {
    const handler = handlers.get(name);
    if (handler !== undefined && handler.name !== "respondUnimplemented") answered.add(path);
  }
}
const modules = readdirSync("src/gen", { recursive: true }).filter((path) => path.endsWith("_grpc.ts"));
for (const module of modules) {
  const generated = await import("./src/gen/" + module);
  for (const [name, definition] of Object.entries(generated)) {
    if (!name.endsWith("Definition")) continue;
    for (const { path } of Object.values(definition)) if (!answered.has(path)) console.log(path);
  }
}
process.exit(0);
`;

/** The paths of the RPCs that a project does not answer: `/user.v1.UserService/GetUser`. */
export async function unanswered(project: string): Promise<string[]> {
  const { stdout, exitCode, stderr } = await execa(
    process.execPath,
    ["--import", import.meta.resolve("tsx"), "--input-type=module", "--eval", program],
    { cwd: join(project), reject: false },
  );
  // Code that does not start is what the compiler reports.
  return exitCode === 0
    ? stdout.split("\n").filter(Boolean)
    : [`does not start: ${stderr.slice(0, 200)}`];
}
