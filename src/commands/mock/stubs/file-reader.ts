import type { JsonValue } from "@bufbuild/protobuf";
import { nearest } from "../../../terminal/nearest.ts";
import type { Problem } from "../../message-json/problem.ts";

/** Collects the mistakes of one stub file while it is read. */
export class FileReader {
  readonly problems: Problem[] = [];

  add(at: string, text: string): void {
    this.problems.push({ at, text });
  }

  addAll(problems: readonly Problem[]): void {
    this.problems.push(...problems);
  }

  /** An object with these keys only; undefined, and a problem, for anything else. */
  object(
    value: unknown,
    at: string,
    keys: readonly string[],
  ): Readonly<Record<string, unknown>> | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.add(at, `expected an object with ${keys.slice(0, 3).join(", ")} and so on`);
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const near = nearest(key, keys) ?? keys.join(", ");
      this.add(at === "" ? key : `${at}.${key}`, `unknown key; did you mean ${near}?`);
    }
    return { ...value };
  }

  list(value: unknown, at: string): readonly unknown[] {
    if (Array.isArray(value)) return value;
    this.add(at, "expected a list");
    return [];
  }

  /** A value of a file is JSON: YAML is read with the types of JSON only. */
  json(value: unknown): JsonValue {
    return JSON.parse(JSON.stringify(value ?? null));
  }
}
