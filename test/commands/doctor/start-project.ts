import { createInterface } from "node:readline";
import { execaNode } from "execa";
import { environment } from "../support/project.ts";

/** A project's server in a process of its own. */
export interface RunningProject {
  /** Address that it listens on. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts `src/main.ts` of a project on a free port, with these settings. */
export async function startProject(
  project: string,
  settings: Readonly<Record<string, string>>,
): Promise<RunningProject> {
  const child = execaNode("src/main.ts", {
    cwd: project,
    env: { ...environment, ADDRESS: "127.0.0.1:0", ...settings },
    extendEnv: false,
    nodeOptions: ["--import", "tsx"],
    stdin: "ignore",
    buffer: false,
    reject: false,
  });
  const stop = async () => {
    child.kill("SIGKILL");
    await child;
  };
  let printed = "";
  for await (const line of createInterface(child.stdout)) {
    printed += `${line}\n`;
    const port = /"port":(\d+).*"msg":"serving"/.exec(line)?.[1];
    if (port !== undefined) return { address: `127.0.0.1:${port}`, stop };
  }
  await stop();
  throw new Error(`the server did not start:\n${printed}`);
}
