import { UsageError } from "../../../terminal/errors.ts";
import type { ProtoSource } from "./proto-source.ts";

/** The paths by which files are imported. */
export class ImportNames {
  readonly #names = new Map<string, Map<string, string>>();

  /** @param importer for messages */
  add({ identity }: ProtoSource, path: string, importer: string): void {
    const names = this.#names.get(identity) ?? new Map<string, string>();
    this.#names.set(identity, names);
    if (!names.has(path)) names.set(path, importer);
  }

  /**
   * The path by which a file is imported. Undefined if nothing imports it.
   *
   * @throws UsageError for two paths: no compiler accepts that, because everything would be declared twice.
   */
  of({ identity, shown }: ProtoSource): string | undefined {
    const [first, second] = this.#names.get(identity) ?? [];
    if (first !== undefined && second !== undefined) {
      throw new UsageError(
        `${shown} is imported as ${first[0]} by ${first[1]} and as ${second[0]} by ${second[1]}; give --proto only the folders or files that you need`,
      );
    }
    return first?.[0];
  }
}
