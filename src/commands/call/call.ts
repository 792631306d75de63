import "./fast-base64.ts";
import type { StreamHost } from "../../terminal/host.ts";
import { projectAround } from "../project/find-project.ts";
import { type CallInput, readCallSettings } from "./call-settings.ts";
import { openSchema } from "./schema/open-schema.ts";
import { readServerSettings } from "./server/settings.ts";

/** Calls a method. @returns the number of the status */
export async function call(input: CallInput, host: StreamHost): Promise<number> {
  const start = performance.now();
  const project = projectAround(host.cwd);
  const settings = readCallSettings(input, host);
  const server = readServerSettings(input.flags, settings.address, project, host);
  const schema = openSchema(input.flags, project, settings.address !== undefined, host);
  // Handled below. Meanwhile, the compiler runs in a process of its own.
  schema.catch(() => undefined);
  await nextTurn();
  const { runCall } = await import("./run-call.ts");
  return runCall({ start, flags: input.flags, settings, server, sources: await schema }, host);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
