import { chmod, cp, mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { readTree } from "../../../src/files.ts";
import { type PackageManifest, packageRoot } from "../../../src/package-root.ts";
import { printConfigFile } from "../../../src/scaffold/emit/config-file.ts";
import { printDependenciesFile } from "../../../src/scaffold/emit/dependencies-file.ts";
import { readWiring } from "../../../src/scaffold/templates/manifests.ts";
import { temporaryFolder, writeFiles } from "../../scaffold/support.ts";
import { bundleTools } from "./tools.ts";

const repository = packageRoot();
const templates = join(repository, "templates/project");

/** What a small project depends on, at the versions of this repository. */
const dependencies = [
  ...["@bufbuild/protobuf", "@bufbuild/protovalidate", "@grpc/grpc-js", "@opentelemetry/api"],
  ...["grpc-service", "jose", "pino", "prom-client", "rate-limiter-flexible"],
];
const devDependencies = ["@bufbuild/buf", "@bufbuild/protoc-gen-es", "tsx"];

/**
 * Variables for programs in the project. Its grpc-service has only TypeScript sources, which need no
 * build and cannot be out of date.
 */
export const environment: Readonly<Record<string, string | undefined>> = {
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  SystemRoot: process.env.SystemRoot,
  TEMP: process.env.TEMP,
  NODE_OPTIONS: "--conditions=@grpc-service/source",
  // No server runs there.
  SERVER_ADDRESS: "127.0.0.1:1",
};

/**
 * A project with one service, outside of this repository: what is missing in its node_modules is missing.
 * The folder is removed after the test file.
 *
 * @param generated whether it has src/gen, and bundles of our commands to generate that again
 */
export async function createProject({ generated = false } = {}): Promise<string> {
  const root = join(await temporaryFolder(), "greeter");
  await writeFiles(root, await projectFiles());
  await chmod(join(root, ".env"), 0o600);
  await installPackages(root);
  await installTools(root, generated ? await bundleTools() : repository);
  if (generated) {
    await execa("buf", ["generate"], { cwd: root, preferLocal: true, localDir: root });
  }
  return root;
}

/** A copy of a project, to change or break. Removed after the test file. */
export async function copyProject(project: string): Promise<string> {
  const root = join(await temporaryFolder(), "greeter");
  await cp(project, root, { recursive: true, verbatimSymlinks: true });
  return root;
}

async function projectFiles(): Promise<Record<string, string>> {
  const wiring = readWiring(repository, "project");
  const copied = ["buf.yaml", "buf.gen.yaml"].map(async (name) => [
    name,
    await readFile(join(templates, name), "utf8"),
  ]);
  return {
    ...Object.fromEntries(await Promise.all(copied)),
    ...Object.fromEntries(
      [...readTree(join(templates, "src"))].map(([path, text]) => [`src/${path}`, text]),
    ),
    "src/config.ts": printConfigFile([]),
    "src/dependencies.ts": printDependenciesFile(wiring.dependencies ?? [], wiring.resources ?? []),
    "package.json": await manifest(),
    ".env.example": "# Address to listen on.\nADDRESS=127.0.0.1:50051\n",
    ".env": "ADDRESS=127.0.0.1:0\n",
    "proto/greeter.proto": `syntax = "proto3";
package greeter.v1;
service Greeter {
  rpc Greet(GreetRequest) returns (GreetResponse);
}
message GreetRequest {}
message GreetResponse {}
`,
    "src/services/index.ts": `import { implement, type ServiceRegistration } from "grpc-service";
import { greeterDefinition } from "../gen/greeter_grpc.ts";

export function services(): ServiceRegistration[] {
  return [implement(greeterDefinition, { greet: async () => ({}) })];
}
`,
  };
}

async function manifest(): Promise<string> {
  const text = await readFile(join(repository, "package.json"), "utf8");
  const { version, ...pinned }: PackageManifest = JSON.parse(text);
  const pins = { "grpc-service": version, ...pinned.dependencies, ...pinned.devDependencies };
  const ranges = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(pins).filter(([name]) => names.includes(name)));
  return JSON.stringify({
    name: "greeter",
    version: "0.1.0",
    type: "module",
    engines: { node: ">=20.19" },
    dependencies: ranges(dependencies),
    devDependencies: { ...ranges(devDependencies), "create-grpc-service": version },
  });
}

/**
 * Links the packages of this repository. grpc-service is copied, so that it finds its peers in the
 * project.
 */
async function installPackages(root: string): Promise<void> {
  const modules = join(root, "node_modules");
  for (const name of [...dependencies, ...devDependencies]) {
    if (name === "grpc-service") continue;
    await link(join(repository, "node_modules", name), join(modules, name));
  }
  for (const part of ["src", "package.json"]) {
    const source = join(repository, "runtime", part);
    await cp(source, join(modules, "grpc-service", part), { recursive: true });
  }
  // A command of grpc-service, which no test runs.
  await writeFiles(modules, { "grpc-service/dist/bin/health-check.js": "" });
}

/** Links create-grpc-service, and the commands that generate code. */
async function installTools(root: string, tools: string): Promise<void> {
  const modules = join(root, "node_modules");
  await link(tools, join(modules, "create-grpc-service"));
  for (const name of ["buf", "protoc-gen-es"]) {
    await link(join(repository, "node_modules/.bin", name), join(modules, ".bin", name));
  }
  for (const name of ["grpc-service", "protoc-gen-grpc-service"]) {
    await link(join(tools, `dist/${name}.js`), join(modules, ".bin", name));
  }
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path, "junction");
}
