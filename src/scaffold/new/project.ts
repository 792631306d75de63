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
import { recordFile } from "./record.ts";

/** A file of a project: who may change it after it was written. */
export interface ProjectFile {
  readonly content: string | Uint8Array;
  /** `machine`: rewritten by every generation; `user`: written once, never again. */
  readonly owner: "machine" | "user";
}

/** Path relative to the project, with `/` -> file. */
export type Project = Map<string, ProjectFile>;

/** What a new project is made of. */
export interface ProjectParts {
  /** The protos, by path under proto/. */
  readonly protoFiles: ReadonlyMap<string, Uint8Array>;
  /** Generated code, by path under src/gen. */
  readonly generated: ReadonlyMap<string, string>;
  readonly services: readonly ServiceModel[];
  readonly requests: Requests;
  /** Rendered templates, each layer over the one before. */
  readonly projectFiles: ReadonlyMap<string, string | Uint8Array>;
  readonly starterFiles: ReadonlyMap<string, string | Uint8Array>;
  readonly additionFiles: ReadonlyMap<string, string | Uint8Array>;
  readonly packageManagerFiles: ReadonlyMap<string, string | Uint8Array>;
  /** What the layers put into the files that they share. */
  readonly wiring: Required<Wiring>;
  /** Text of `.env.example`. */
  readonly envExample: string;
  /** Tarballs of our own packages. */
  readonly vendor: ReadonlyMap<string, Uint8Array>;
  /** Content of `.create-grpc-service.json`. */
  readonly record: string;
}

/** Every file of a new project. Later layers win; generated code is nobody's to overlay. */
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
    new Map([[recordFile, parts.record]]),
  ];
  for (const layer of layers) {
    for (const [path, content] of layer) project.set(path, { content, owner: "user" });
  }
  for (const [path, content] of machineFiles(parts.generated)) {
    project.set(path, { content, owner: "machine" });
  }
  return new Map([...project].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A project made from a descriptor set has no sources: buf reads the set instead. */
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
