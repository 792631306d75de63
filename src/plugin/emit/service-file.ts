import type { DescFile } from "@bufbuild/protobuf";
import { namingLine } from "../layout.ts";
import type { ServiceModel } from "../model.ts";
import { emitClient } from "./client.ts";
import { emitDefinition } from "./definition.ts";
import { emitHandlers } from "./handlers.ts";
import type { Source } from "./source.ts";

/** Everything generated from the services of one proto file. */
export function emitServiceFile(
  source: Source,
  file: DescFile,
  services: readonly ServiceModel[],
): void {
  source.file.preamble(file);
  nameImports(source, services);
  for (const [index, service] of services.entries()) {
    if (index > 0) {
      source.file.print();
    }
    emitDefinition(source, service);
    emitHandlers(source, service);
    emitClient(source, service);
  }
}

/**
 * protoplugin names imports in the order of their appearance. Let the messages come in pairs, the
 * file's own before all others, so that a clash of names gives `Receipt$1` and `ReceiptSchema$1`.
 */
function nameImports(source: Source, services: readonly ServiceModel[]): void {
  if (source.target === "js") {
    return;
  }
  const symbols = services.flatMap(({ methods, descriptorPath }) => {
    const messages = methods.flatMap(({ input, output }) => [input, output]);
    const own = messages.filter(({ importPath }) => importPath === descriptorPath);
    return [...own, ...messages].flatMap((message) => [
      source.shape(message),
      source.schema(message),
    ]);
  });
  source.file.print(namingLine, symbols);
}
