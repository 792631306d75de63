import type { Flag } from "./input.ts";

/** What follows a change of a project's files, in this order. */
const stepNames = ["install", "generate", "lint", "test"] as const;

export type StepName = (typeof stepNames)[number];

/** Flags that leave steps out. */
export const stepFlags = {
  "no-install": { type: "boolean", about: "Do not install the packages afterwards." },
  "no-generate": { type: "boolean", about: "Do not generate src/gen afterwards." },
  "no-lint": { type: "boolean", about: "Do not run the script lint afterwards." },
  "no-test": { type: "boolean", about: "Do not run the script test afterwards." },
  "no-verify": { type: "boolean", about: "All of these: change the files and run nothing." },
} as const satisfies Readonly<Record<string, Flag>>;

/** Values of these flags. */
export type StepFlags = Readonly<Partial<Record<keyof typeof stepFlags, boolean | undefined>>>;

/** The steps that flags have not left out. */
export function chosenSteps(flags: StepFlags): StepName[] {
  if (flags["no-verify"] === true) return [];
  return stepNames.filter((step) => flags[`no-${step}`] !== true);
}
