import type { ServiceModel } from "../../plugin/model.ts";
import { printConfigFile } from "../emit/config-file.ts";
import { printDemoClient } from "../emit/demo-client.ts";
import { printDependenciesFile } from "../emit/dependencies-file.ts";
import type { Requests } from "../emit/request.ts";
import { indexFiles, methodFiles } from "../emit/service-files.ts";
import { printServicesIndex } from "../emit/services-index.ts";
import { genFolder } from "../generation/gen-config.ts";
import { descriptorsFile } from "../protos/names.ts";
import type { Wiring } from "../templates/wiring.ts";

/** A file of a project. */
export interface ProjectFile {
  readonly content: string | Uint8Array;
  /** `machine`: rewritten by every generation. `user`: written once and never overwritten. */
  readonly owner: "machine" | "user";
}

/** Path relative to the project, with `/` -> file. */
export type Project = Map<string, ProjectFile>;

/** Input of {@link createProject}. */
export interface ProjectParts {
  /** The protos, by path under proto/. */
  readonly protoFiles: ReadonlyMap<string, Uint8Array>;
  /** Generated code, by path under src/gen. */
  readonly generated: ReadonlyMap<string, string>;
  readonly services: readonly ServiceModel[];
  readonly requests: Requests;
  /** Rendered templates. A later layer wins. */
  readonly projectFiles: ReadonlyMap<string, string | Uint8Array>;
  readonly starterFiles: ReadonlyMap<string, string | Uint8Array>;
  readonly additionFiles: ReadonlyMap<string, string | Uint8Array>;
  readonly packageManagerFiles: ReadonlyMap<string, string | Uint8Array>;
  /** The contributions of the layers to shared files. */
  readonly wiring: Required<Wiring>;
  /** Text of `.env.example`. */
  readonly envExample: string;
  /** Tarballs of `grpc-service` and `create-grpc-service`. */
  readonly vendor: ReadonlyMap<string, Uint8Array>;
}

/** Assembles every file of a new project. Later layers win, except over generated code. */
export function createProject(parts: ProjectParts): Project {
  const project: Project = new Map();
  const layers = [
    parts.projectFiles,
    prefixed("proto/", parts.protoFiles),
    serviceFiles(parts.services, parts.requests),
    new Map([
      ["src/client/index.ts", printDemoClient(parts.services, parts.requests)],
      ["src/config.ts", printConfigFile(parts.wiring.settings)],
      [
        "src/dependencies.ts",
        printDependenciesFile(parts.wiring.dependencies, parts.wiring.resources),
      ],
      [".env.example", parts.envExample],
    ]),
    parts.starterFiles,
    parts.additionFiles,
    parts.packageManagerFiles,
    parts.vendor,
  ];
  for (const layer of layers) {
    for (const [path, content] of layer) project.set(path, { content, owner: "user" });
  }
  for (const [path, content] of machineFiles(parts.generated)) {
    project.set(path, { content, owner: "machine" });
  }
  return inOrder(project);
}

/** The files sorted by path. */
export function inOrder(project: Project): Project {
  return new Map([...project].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Makes buf read the descriptor set, for a project without .proto files. */
export function withDescriptorInput(project: Project): Project {
  const path = "buf.gen.yaml";
  const text = String(project.get(path)?.content ?? "");
  const content = text.replace("directory: proto", `binary_image: proto/${descriptorsFile}`);
  if (content === text) throw new Error(`${path} has no "directory: proto"`);
  return new Map(project).set(path, { content, owner: "user" });
}

/** Generated code, by path in the project. */
export function machineFiles(generated: ReadonlyMap<string, string>): Map<string, string> {
  return prefixed(`${genFolder}/`, generated);
}

/** Handlers, registration and tests of new services. */
function serviceFiles(services: readonly ServiceModel[], requests: Requests): Map<string, string> {
  const files = services.flatMap((service) => [
    ...indexFiles(service),
    ...methodFiles(service, service.methods, requests),
  ]);
  return new Map([["src/services/index.ts", printServicesIndex(services)], ...files]);
}

/** The files with `prefix` before each path. */
export function prefixed<T>(prefix: string, files: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...files].map(([path, content]) => [prefix + path, content]));
}
