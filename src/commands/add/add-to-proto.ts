import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { presentGenerated } from "../../scaffold/update/machine-files.ts";
import { UsageError } from "../../terminal/errors.ts";
import { type Host, withEnvironment } from "../../terminal/host.ts";
import { nearest } from "../../terminal/nearest.ts";
import { printable } from "../../terminal/printable.ts";
import { sync } from "../sync/index.ts";
import {
  type ProtoFile,
  readProtoFiles,
  withDeclarations,
  withLinesInBlock,
} from "./proto-file.ts";
import { checkName, declareRpcs } from "./rpc-text.ts";

/** An RPC to add. */
export interface RpcRequest {
  /** `<Service>/<Method>`, the service with or without its package. */
  readonly name: string;
  readonly stream: string | undefined;
  readonly dryRun: boolean;
}

/** A service to add. */
export interface ServiceRequest extends RpcRequest {
  readonly methods: readonly string[];
  /** The file to add it to, as typed. */
  readonly proto: string | undefined;
}

/** Adds an RPC to a service of the project, then does what `sync` does. Returns the exit code. */
export async function addRpc(root: string, request: RpcRequest, host: Host): Promise<number> {
  const [serviceName = "", method = "", ...rest] = request.name.split("/");
  if (serviceName === "" || method === "" || rest.length > 0) {
    throw new UsageError(
      `"${printable(request.name)}" is not <Service>/<Method>, such as Billing/Charge`,
    );
  }
  checkName("method", method);
  const files = await protoFilesOf(root);
  const { file, service } = findService(files, serviceName);
  if (service.methods.has(method)) {
    throw new UsageError(`${service.name} in proto/${file.path} already has ${method}`);
  }
  const types = typesOf(files, file.package);
  const { rpcs, messages } = declareRpcs(service.name, [method], request.stream, types);
  const text = withDeclarations(withLinesInBlock(file.text, service.close, rpcs), messages);
  const added = [...rpcs, ...messages];
  return (await writeAndSync(root, file, text, added, request.dryRun, host)).code;
}

/** Adds a service with its RPCs, then does what `sync` does. Returns the exit code. */
export async function addService(
  root: string,
  request: ServiceRequest,
  host: Host,
): Promise<number> {
  const { name, methods, stream } = request;
  checkName("service", name);
  if (stream !== undefined && methods.length === 0) {
    throw new UsageError("--stream has no effect without --rpc: name the RPC that streams");
  }
  const twice = methods.find((method, index) => methods.indexOf(method) < index);
  if (twice !== undefined) throw new UsageError(`--rpc ${printable(twice)} is given twice`);
  const files = await protoFilesOf(root);
  const file = fileFor(root, files, request.proto, host.cwd);
  const types = typesOf(files, file.package);
  const others = files.filter((other) => other.package === file.package);
  const present = others.find(({ services }) => services.some((other) => other.name === name));
  if (present !== undefined || types.has(name)) {
    throw new UsageError(`proto/${(present ?? file).path} already has ${name}`);
  }
  const { rpcs, messages } = declareRpcs(name, methods, stream, types);
  const body = rpcs.length === 0 ? "{}" : `{\n${rpcs.map((rpc) => `  ${rpc}\n`).join("")}}`;
  const declarations = [`service ${name} ${body}`, ...messages];
  const text = withDeclarations(file.text, declarations);
  const { code, isAdded } = await writeAndSync(
    root,
    file,
    text,
    declarations,
    request.dryRun,
    host,
  );
  if (isAdded && methods.length === 0) {
    host.print(`${name} is served when it has an RPC: grpc-service add rpc ${name}/<Method>\n`);
  }
  return code;
}

/**
 * The proto is as before if it does not compile, the run is interrupted, or something else has to be decided
 * first. What was added is printed when it is there.
 */
async function writeAndSync(
  root: string,
  { path, text: before }: ProtoFile,
  text: string,
  added: readonly string[],
  dryRun: boolean,
  host: Host,
): Promise<{ readonly code: number; readonly isAdded: boolean }> {
  const lines = added.flatMap((declaration) => declaration.split("\n"));
  const list = `proto/${path}\n${lines.map((line) => `+ ${line}\n`).join("")}`;
  if (dryRun) {
    host.print(`${list}Nothing was written.\n`);
    return { code: 0, isAdded: true };
  }
  const file = join(root, "proto", path);
  const generated = await presentGenerated(root);
  await writeFile(file, text);
  let code: number | undefined;
  let isAdded = false;
  let report = "";
  try {
    const print = (text: string) => {
      report += text;
    };
    code = await sync({ flags: {} }, { ...withEnvironment(host, {}), cwd: root, print });
  } finally {
    // Sync may have written the code: what is left is other work, or it was interrupted while it checked types.
    isAdded = code === 0 || !areEqual(generated, await presentGenerated(root));
    if (!isAdded) await writeFile(file, before);
  }
  if (isAdded) {
    host.print(list + report);
  } else {
    host.print(report);
    host.note(
      `grpc-service: nothing was added to proto/${path}; run npx grpc-service sync first\n`,
    );
  }
  return { code, isAdded };
}

function areEqual(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

async function protoFilesOf(root: string): Promise<ProtoFile[]> {
  const files = await readProtoFiles(root);
  if (files.length > 0) return files;
  throw new UsageError("proto/ has no .proto file to add to");
}

function typesOf(files: readonly ProtoFile[], packageName: string): Set<string> {
  const same = files.filter((file) => file.package === packageName);
  return new Set(same.flatMap(({ types }) => [...types]));
}

function findService(files: readonly ProtoFile[], name: string) {
  const all = files.flatMap((file) =>
    file.services.map((service) => {
      const fullName = file.package === "" ? service.name : `${file.package}.${service.name}`;
      return { file, service, fullName };
    }),
  );
  const found = all.filter(({ service, fullName }) => [service.name, fullName].includes(name));
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  const names = (only === undefined ? all : found).map(({ fullName }) => fullName);
  if (only !== undefined) {
    throw new UsageError(`"${printable(name)}" is one of ${names.join(", ")}; give its full name`);
  }
  const near = nearest(
    name,
    all.map(({ service }) => service.name),
  );
  const hint = near === undefined ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw new UsageError(`no service "${printable(name)}" in proto/; ${hint}`);
}

function fileFor(
  root: string,
  files: readonly ProtoFile[],
  given: string | undefined,
  cwd: string,
): ProtoFile {
  const names = (list: readonly ProtoFile[]) => list.map(({ path }) => `proto/${path}`).join(", ");
  if (given !== undefined) {
    const path = relative(join(root, "proto"), resolve(cwd, given)).replaceAll("\\", "/");
    const found = files.find((file) => file.path === path);
    if (found !== undefined) return found;
    throw new UsageError(
      `--proto ${printable(given)} is not a file of this project; there are ${names(files)}`,
    );
  }
  const withService = files.filter(({ services }) => services.length > 0);
  const [only, another] = withService.length > 0 ? withService : files;
  if (only !== undefined && another === undefined) return only;
  throw new UsageError(`choose the file with --proto: ${names(withService)}`);
}
