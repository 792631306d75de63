import { maximumEdition } from "@bufbuild/protobuf";
import { Edition, EditionSchema, type FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { InputError } from "./input-error.ts";

/**
 * Refuses unknown syntaxes and editions, and unreleased editions, which protoplugin accepts.
 *
 * @throws InputError
 */
export function checkEdition(file: FileDescriptorProto): void {
  const { name, syntax, edition } = file;
  if (syntax === "" || syntax === "proto2" || syntax === "proto3") {
    return;
  }
  const isKnown = edition >= Edition.EDITION_2023 && edition <= maximumEdition;
  if (syntax !== "editions" || !isKnown) {
    const found =
      syntax === "editions"
        ? `edition ${editionName(edition)} (${edition})`
        : `syntax ${JSON.stringify(syntax)}`;
    const range = `${editionName(Edition.EDITION_2023)} to ${editionName(maximumEdition)}`;
    throw new InputError(
      `${name}: ${found} is not supported: supported are proto2, proto3 and editions ${range}`,
    );
  }
}

function editionName(edition: Edition): string {
  const value = EditionSchema.values.find(({ number }) => number === edition);
  return value?.name.replace("EDITION_", "") ?? "unknown";
}
