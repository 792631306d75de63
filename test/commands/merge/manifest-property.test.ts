import { describe, expect, test } from "vitest";
import { mergeManifest } from "../../../src/commands/merge/merge-manifest.ts";
import { base, type Json, merge, rules } from "./manifests.ts";
import { randomNumbers } from "./user-edits.ts";

describe("at random", () => {
  /** Adds, changes and removes keys. Returns what it added and changed. */
  function edited(before: Json, seed: number, mark: string) {
    const random = randomNumbers(seed);
    const json: Record<string, Json> = JSON.parse(JSON.stringify(before));
    const written: [section: string, key: string, value: string][] = [];
    for (const section of ["scripts", "dependencies"]) {
      for (const key of Object.keys(json[section] ?? {})) {
        const kind = random(4);
        if (key === "grpc-service") continue;
        if (kind === 0) delete json[section]?.[key];
        if (kind === 1) written.push([section, key, `${mark}${seed}`]);
      }
      if (random(2) === 0) written.push([section, `${mark}-${seed}`, `${mark}${seed}`]);
    }
    for (const [section, key, value] of written)
      Object.assign(json[section] ?? {}, { [key]: value });
    return { json, written };
  }

  /** The same content in another form, with numbers and keys that a parser would write differently. */
  function rewritten(json: Json, seed: number): string {
    const random = randomNumbers(seed);
    const indent = ["  ", "\t", "    ", ""][random(4)] ?? "";
    const eol = ["\n", "\r\n"][random(2)] ?? "";
    const odd = { "10": { big: 1 }, "9": [], odd: 2.5 };
    const text = JSON.stringify({ ...json, config: odd }, undefined, indent)
      .replace(/("big": ?)1/, "$112345678901234567890")
      .replace(/("odd": ?)2\.5/, "$12.50e0");
    const lines =
      (indent === "" ? text : text.replaceAll("\n", eol)) + (random(2) === 0 ? eol : "");
    return (random(3) === 0 ? "\uFEFF" : "") + lines;
  }

  /** The text without the lines, or on one line the properties, of the sections that merges change. */
  const others = (text: string) =>
    text.replace(/"(?:scripts|dependencies)": ?\{[^{}]*\}/g, (section) => section.slice(0, 9));

  test("1000 merges change no byte outside of the changed sections", () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const ours = rewritten(edited(base, seed, "user").json, seed);
      const theirs = JSON.stringify(edited(base, seed + 7919, "new").json);
      const { text } = mergeManifest({ ours, base: JSON.stringify(base), theirs }, rules);
      expect({ seed, rest: others(text) }).toEqual({ seed, rest: others(ours) });
      const parsed = (json: string) => JSON.parse(json.replace("\uFEFF", ""));
      const plain = mergeManifest(
        { ours: JSON.stringify(parsed(ours)), base: JSON.stringify(base), theirs },
        rules,
      );
      expect({ seed, json: parsed(text) }).toEqual({ seed, json: parsed(plain.text) });
      for (const line of text.split(/\r?\n/)) {
        if (/^\s+"/.test(line)) expect(line).toMatch(/^(?:\t+|(?: {2})+)"/);
      }
    }
  });

  test("1000 merges keep every key of the user, its value and its place", () => {
    for (let seed = 1; seed <= 1000; seed++) {
      const user = edited(base, seed, "user");
      const theirs = edited(base, seed + 7919, "new").json;
      const { json } = merge(user.json, base, theirs);
      for (const [section, key, value] of user.written) {
        expect({ seed, key, value: json[section][key] }).toEqual({ seed, key, value });
      }
      for (const section of ["scripts", "dependencies"]) {
        const before = Object.keys(user.json[section] ?? {});
        const after = Object.keys(json[section]);
        const both = before.filter((key) => after.includes(key));
        expect(after.filter((key) => before.includes(key))).toEqual(both);
        const known = new Set([...before, ...Object.keys(theirs[section] ?? {})]);
        expect(after.filter((key) => !known.has(key))).toEqual([]);
      }
    }
  });
});
