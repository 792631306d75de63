import type { Flag, FlagGroup } from "./flags.ts";

/** Text of `--help`. */
export function helpText(groups: readonly FlagGroup[]): string {
  const flags = groups.flatMap((group) => group.flags);
  const width = Math.max(...flags.map((flag) => spelling(flag).length));
  const texts = groups.map((group) => {
    return `${group.title}\n${group.flags.map((flag) => flagText(flag, width)).join("")}`;
  });
  return [intro, ...texts, outro].join("\n");
}

const intro = `create-grpc-service: from a .proto to a running, tested gRPC service in TypeScript

Usage
  npm create grpc-service [dir] -- [flags]
  create-grpc-service [dir] [flags]

Without --proto it creates a starter: a small working service to learn from.
In the root of a project it does what "grpc-service sync" does: it adds what the protos need.
`;

const outro = `Exit codes: 0 done; 1 the project was written, but the installation failed, or in an existing one
something is left for you; 2 wrong usage or input, nothing was written; 130 interrupted.
`;

/** The spellings of a flag, followed by its description. */
function flagText(flag: Flag, width: number): string {
  const lines = flag.description.split("\n");
  return lines
    .map((line, index) => `  ${(index === 0 ? spelling(flag) : "").padEnd(width)}  ${line}\n`)
    .join("");
}

function spelling({ name, short, value, isNegatable }: Flag): string {
  const long = value === undefined ? `--${name}` : `--${name} <${value}>`;
  const before = short === undefined ? "" : `-${short}, `;
  return before + long + (isNegatable ? `, --no-${name}` : "");
}
