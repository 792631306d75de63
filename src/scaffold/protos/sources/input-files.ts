import { dirname } from "node:path";
import { UsageError } from "../../../terminal/errors.ts";
import { printable } from "../../../terminal/printable.ts";
import type { Input } from "../inputs.ts";
import { protoFilesIn } from "./proto-folder.ts";
import { type ProtoSource, readSource } from "./proto-source.ts";
import { type Reading, throwIfInterrupted } from "./reading.ts";
import type { Place, RootFinder } from "./roots.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";

/** A file to build the service from. */
export interface InputFile {
  readonly source: ProtoSource;
  readonly around: Surroundings;
  readonly place: Place;
  /** The folder that was given with the file in it; of several, the outermost. Its own folder if it was given itself. */
  readonly given: string;
}

/**
 * Reads the files of all inputs. A file that several inputs have, also by a link, is read once.
 *
 * @throws UsageError when an input has none
 * @throws InterruptedError when the signal aborts
 */
export async function readInputFiles(
  inputs: readonly Input[],
  roots: RootFinder,
  { cwd, signal }: Reading,
): Promise<readonly InputFile[]> {
  const files = new Map<string, InputFile>();
  // The outermost folders first.
  for (const input of inputs.toSorted((a, b) => rank(a) - rank(b))) {
    const given = input.kind === "folder" ? input.path : dirname(input.path);
    const around = await surroundingsOf(given);
    for (const { file, place } of await placesOf(input, roots, around)) {
      throwIfInterrupted(signal);
      const source = await readSource(file, cwd);
      if (files.has(source.identity)) continue;
      files.set(source.identity, { source, around, place, given });
    }
  }
  return [...files.values()];
}

/** The files of an input. Of a folder with buf modules, only those of the modules. */
async function placesOf(
  { kind, path, shown }: Input,
  roots: RootFinder,
  around: Surroundings,
): Promise<{ readonly file: string; readonly place: Place }[]> {
  const files = kind === "folder" ? await protoFilesIn(path) : [path];
  const placed: { file: string; place: Place }[] = [];
  for (const file of files) placed.push({ file, place: await roots.placeOf(file, around) });
  if (placed.length === 0) {
    throw new UsageError(`--proto ${printable(shown)} has no .proto file in it`);
  }
  const hasModule = placed.some(({ place }) => place.kind === "module");
  return placed.filter(({ place }) => !hasModule || place.kind !== "outside");
}

function rank({ kind, path }: Input): number {
  return kind === "folder" ? path.length : Number.POSITIVE_INFINITY;
}
