import type { Flag } from "./input.ts";

/** `--import-path` of every command that compiles protos. */
export const importPathFlag = {
  type: "string",
  multiple: true,
  short: "I",
  value: "<dir>",
  about: "Where else to look for imports.",
} as const satisfies Flag;
