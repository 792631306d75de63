import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CodeGeneratorResponse_File } from "@bufbuild/protobuf/wkt";
import { type Image, pluginRequest, withImports } from "./image.ts";
import { messagesCommand, type NodeCommand, runPlugin } from "./plugin-process.ts";

/** How long the plugins took, in seconds. */
export interface Generated {
  readonly ours: number;
  readonly messages: number;
  /** Paths of what our plugin printed. */
  readonly paths: readonly string[];
}

/**
 * Prints services with our plugin and the messages they use with protoc-gen-es into
 * `folder`, with the parameters of an emitted project.
 */
export async function generate(
  image: Image,
  files: readonly string[],
  folder: string,
  plugin: NodeCommand,
): Promise<Generated> {
  await rm(folder, { recursive: true, force: true });
  const parameter = "target=ts,import_extension=ts";
  const services = await runPlugin(plugin, pluginRequest(image, { files, parameter }));
  await write(folder, services.files);

  const withServices = image.filter((file) => file.service.length > 0).map(({ name }) => name);
  const needed = withImports(
    image,
    files.filter((name) => withServices.includes(name)),
  );
  const printed = needed
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("google/protobuf/"));
  const messages = await runPlugin(
    messagesCommand(),
    pluginRequest(image, { files: printed, parameter: `${parameter},erasable_syntax=true` }),
  );
  await write(folder, messages.files);
  const paths = services.files.map(({ name }) => name);
  return { ours: services.seconds, messages: messages.seconds, paths };
}

async function write(folder: string, files: readonly CodeGeneratorResponse_File[]): Promise<void> {
  for (const { name, content } of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
