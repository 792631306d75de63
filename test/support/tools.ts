import { spawnSync } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program that some tests run and that a machine with Node, git and make may not have. */
export type Tool =
  | "protoc"
  | "openssl"
  | "docker-compose"
  | "redis-server"
  | "postgresql"
  | "python3-grpcio"
  | "util-linux"
  | "small-disk";

declare module "vitest" {
  interface TestTags {
    /** What a test needs: `test("...", { tags: "openssl" }, ...)`. Where it is missing, it is skipped. */
    tool: Tool;
    /** Of tests that install whole projects from the npm registry, which takes minutes. */
    cost: "installs";
  }
}

/** Runs a program with mounts of its own. Root needs no user namespace for it. */
export const ownMounts: readonly string[] =
  process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];

const checks: ReadonlyMap<Tool, () => boolean> = new Map([
  // Debian has the compiler and the files of google/protobuf in two packages.
  [
    "protoc",
    () => succeeds("protoc", "--descriptor_set_out=/dev/null", "google/protobuf/any.proto"),
  ],
  ["openssl", () => isOnPath("openssl")],
  ["docker-compose", () => isOnPath("docker-compose")],
  ["redis-server", () => isOnPath("redis-server") && isOnPath("redis-cli")],
  ["postgresql", () => postgresFolder() !== undefined],
  ["python3-grpcio", () => pythonWithGrpc() !== undefined],
  // A file system of a few MiB.
  [
    "small-disk",
    () => {
      const [program = "", ...args] = ownMounts;
      return succeeds(program, ...args, "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp");
    },
  ],
  // `script` gives a process a terminal. The one of BSD has other flags.
  ["util-linux", () => spawnSync("script", ["--version"]).stdout?.includes("util-linux") === true],
]);

/** All tools. */
export const tools: readonly Tool[] = [...checks.keys()];

/** The tools that this machine lacks. Runs some of them. */
export function missingTools(): Tool[] {
  return tools.filter((tool) => checks.get(tool)?.() === false);
}

/** The Python that can be a gRPC client and server: the one on the PATH or the system's own. */
export function pythonWithGrpc(): string | undefined {
  const imports = ["-c", "import grpc, google.protobuf"];
  return ["python3", "/usr/bin/python3"].find((python) => succeeds(python, ...imports));
}

/**
 * The folder of PostgreSQL's programs: Debian keeps them apart, one folder for each version, and
 * elsewhere they are on the PATH.
 */
export function postgresFolder(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = entries(debian).sort((a, b) => Number(b) - Number(a));
  const folders = [...versions.map((version) => join(debian, version, "bin")), ...path()];
  return folders.find((folder) => isProgram(join(folder, "initdb")));
}

function isOnPath(program: string): boolean {
  return path().some((folder) => isProgram(join(folder, program)));
}

function path(): string[] {
  return (process.env.PATH ?? "").split(delimiter);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function succeeds(program: string, ...args: string[]): boolean {
  return spawnSync(program, args).status === 0;
}
