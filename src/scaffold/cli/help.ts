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

Without --proto you get a starter: a small service that works, all four patterns in it.
Run it again in the same folder after the proto has grown: it adds the missing handlers and their
wiring, and touches nothing else.
`;

const outro = `Exit codes: 0 done; 1 the install failed, the project stands; 2 wrong usage or input, nothing
written; 130 interrupted.
`;

/** The spellings of a flag, and the lines of its description beside them. */
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
