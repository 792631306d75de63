import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DescFile, type DescService, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import type { UntypedHandler } from "../../../runtime/src/implement.ts";
import {
  defineMethod,
  defineService,
  implement,
  type ServiceRegistration,
} from "../../../runtime/src/index.ts";

const root = join(import.meta.dirname, "..", "..", "..");
/** Path of the command `buf`. */
export const bufCommand = join(root, "node_modules", ".bin", "buf");

/** A folder with all kinds of files: shop.proto, its imports, and extras.proto, which no file imports. */
export const shopProtos = join(import.meta.dirname, "protos", "shop");

/** A folder with an `import option` of edition 2024. */
export const lateProtos = join(import.meta.dirname, "protos", "late");

/** Where the tests of one file can print code: below the repository, so that imports are found. */
export function outputFolder(name: string): string {
  return join(root, "test", ".tmp", `reflection-${name}`);
}

/** Runs buf in the repository; prints nothing, and throws what buf says when it fails. */
function runBuf(...args: string[]): Buffer {
  return execFileSync(bufCommand, args, { cwd: root, stdio: "pipe", maxBuffer: 1 << 26 });
}

/**
 * Prints protoc-gen-es' code for a folder of protos, as `buf generate` does in a project.
 *
 * @returns the descriptors in that code, of every file but the well-known ones
 */
export async function generatedFiles(protos: string, output: string): Promise<DescFile[]> {
  rmSync(output, { recursive: true, force: true });
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, ".gitignore"), "*\n");
  const plugin = {
    local: join(root, "node_modules", ".bin", "protoc-gen-es"),
    out: output,
    strategy: "all",
    include_imports: true,
    opt: ["target=ts", "import_extension=ts", "erasable_syntax=true"],
  };
  runBuf("generate", protos, "--template", JSON.stringify({ version: "v2", plugins: [plugin] }));
  const paths = readdirSync(output, { recursive: true, encoding: "utf8" });
  const files: DescFile[] = [];
  for (const path of paths.filter((path) => path.endsWith("_pb.ts")).sort()) {
    const module: object = await import(join(output, path));
    files.push(...Object.values(module).filter(isFile));
  }
  return files;
}

function isFile(value: unknown): value is DescFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "file";
}

/** Registers every service of some files, all methods UNIMPLEMENTED. */
export function registrationsOf(files: readonly DescFile[]): ServiceRegistration[] {
  return files.flatMap(({ services }) => services.map((service) => register(service)));
}

/** @param handlers by local name; methods without one are UNIMPLEMENTED */
export function register(
  service: DescService,
  handlers: Readonly<Record<string, UntypedHandler>> = {},
): ServiceRegistration {
  const methods = service.methods.map((method) => [method.localName, defineMethod(method)]);
  const registration = implement(defineService(service, Object.fromEntries(methods)), {});
  const all = new Map([...registration.handlers, ...Object.entries(handlers)]);
  return { ...registration, handlers: all };
}

/** Encoded descriptors by file name, without comments, as a compiler wrote them to a set. */
export function descriptorsIn(set: Uint8Array): Map<string, Uint8Array> {
  const { file } = fromBinary(FileDescriptorSetSchema, set);
  return new Map(file.map((each) => [each.name, encodeWithoutComments(each)]));
}

function encodeWithoutComments({ sourceCodeInfo: _, ...file }: FileDescriptorProto): Uint8Array {
  return toBinary(FileDescriptorProtoSchema, file);
}

/** What buf makes of a folder of protos, imports included. */
export function builtByBuf(protos: string): Map<string, Uint8Array> {
  return descriptorsIn(runBuf("build", protos, "--as-file-descriptor-set", "-o", "-"));
}

/** What protoc makes of a folder of protos, imports included. */
export function builtByProtoc(protos: string): Map<string, Uint8Array> {
  const paths = readdirSync(protos, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => path.endsWith(".proto")).sort();
  const scratch = mkdtempSync(join(tmpdir(), "protoc-"));
  const set = join(scratch, "set.binpb");
  execFileSync("protoc", ["-I.", "--include_imports", `-o${set}`, ...files], { cwd: protos });
  const descriptors = descriptorsIn(readFileSync(set));
  rmSync(scratch, { recursive: true });
  return descriptors;
}
