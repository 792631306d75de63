import { packageManifest, packageRoot } from "../../package-root.ts";
import { withProjectLock } from "../../scaffold/disk/project-lock.ts";
import { isProtoPath } from "../../scaffold/protos/names.ts";
import { type Manifest, readCatalog } from "../../scaffold/templates/manifests.ts";
import { UsageError } from "../../terminal/errors.ts";
import type { Host } from "../../terminal/host.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import { shellWord } from "../../terminal/shell-word.ts";
import { findProject, type Project } from "../project/find-project.ts";
import { readRecord } from "../project/read-record.ts";
import { chosenSteps, type StepFlags, stepFlags } from "../step-flags.ts";
import { addAddition } from "./add-addition.ts";
import { addRpc, addService } from "./add-to-proto.ts";

/** Flags of `add`. */
export interface AddFlags extends StepFlags {
  readonly rpc?: readonly string[] | undefined;
  readonly stream?: string | undefined;
  readonly proto?: string | undefined;
  readonly "dry-run"?: boolean | undefined;
}

/** What the user typed after `add`. */
export interface AddInput {
  readonly flags: AddFlags;
  readonly arguments: readonly string[];
}

/** Adds an addition, a service or an RPC to the project around the current folder. */
export async function add({ flags, arguments: words }: AddInput, host: Host): Promise<number> {
  const project = findProject(host.cwd);
  const [what, name] = words;
  if (what === undefined) {
    const { additions } = readCatalog(packageRoot());
    const record = await readRecord(project.root);
    host.print(listText(additions, record.answers.additions));
    return 0;
  }
  checkFlags(what, flags);
  const run = (host: Host) => addNamed(what, name, flags, project, host);
  if (flags["dry-run"] === true) return run(host);
  return withProjectLock(project.root, "grpc-service add", host, run);
}

async function addNamed(
  what: string,
  name: string | undefined,
  flags: AddFlags,
  project: Project,
  host: Host,
): Promise<number> {
  const own = packageRoot();
  const dryRun = flags["dry-run"] === true;
  const { stream, proto } = flags;
  const path = [what, name ?? ""].find(isProtoPath);
  if (path !== undefined) {
    const command = `npx grpc-service sync --proto ${shellWord(path)}`;
    throw new UsageError(
      `"${printable(path)}" is a proto: to add it to the project, run ${command}`,
    );
  }
  if (what === "service" || what === "rpc") {
    if (name === undefined) throw new UsageError(`add ${what} needs ${usages[what]}`);
    return what === "service"
      ? addService(project.root, { name, methods: flags.rpc ?? [], stream, proto, dryRun }, host)
      : addRpc(project.root, { name, stream, dryRun }, host);
  }
  const addition = findAddition(what, readCatalog(own).additions);
  if (name !== undefined) throw new UsageError(`unexpected argument "${printable(name)}"`);
  const record = await readRecord(project.root);
  const { version } = packageManifest(own);
  const steps = chosenSteps(flags);
  return addAddition({ project, record, addition, packageRoot: own, version, steps, dryRun, host });
}

const usages = {
  service: "a name, such as: grpc-service add service Billing --rpc Charge",
  rpc: "<Service>/<Method>, such as: grpc-service add rpc Billing/Charge",
};

/** @throws UsageError for a flag that would change nothing */
function checkFlags(what: string, flags: AddFlags): void {
  const forProto = what === "service" || what === "rpc";
  const [allowed, place]: [readonly string[], string] = forProto
    ? [what === "service" ? ["rpc", "stream", "proto"] : ["stream"], `add ${what}`]
    : [Object.keys(stepFlags), "an addition"];
  const given = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  const useless = given.find((name) => name !== "dry-run" && !allowed.includes(name));
  if (useless !== undefined) throw new UsageError(`--${useless} has no effect on ${place}`);
}

function findAddition(name: string, additions: readonly Manifest[]): Manifest {
  const found = additions.find((addition) => addition.name === name);
  if (found !== undefined) return found;
  const names = [...additions.map((addition) => addition.name), "service", "rpc"];
  const near = nearest(name, names);
  const hint = near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`"${printable(name)}" cannot be added; ${hint}`);
}

function listText(additions: readonly Manifest[], present: readonly string[]): string {
  const rows = [
    ...additions.map(({ name, description }) => [
      name,
      present.includes(name) ? `${description} (already part of this project)` : description,
    ]),
    ["service <Name>", "a service in proto/, with handlers and tests for its RPCs"],
    ["rpc <Service>/<Method>", "an RPC of a service, with its handler and test"],
  ];
  const width = Math.max(...rows.map(([name = ""]) => name.length));
  const lines = rows.map(([name = "", about]) => `  ${name.padEnd(width)}  ${about}`);
  return `What can be added:\n${lines.join("\n")}\n\ngrpc-service add --help prints the flags.\n`;
}
