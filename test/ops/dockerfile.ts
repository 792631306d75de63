/** One instruction of a Dockerfile, its lines joined. */
export interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions from one FROM to the next. */
export interface Stage {
  readonly image: string;
  /** What `COPY --from` calls it. */
  readonly alias: string | undefined;
  readonly instructions: readonly Instruction[];
}

export function parseDockerfile(text: string): Stage[] {
  const lines = text
    .split("\n")
    .filter((line) => !line.startsWith("#"))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const stages: { image: string; alias: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = "", rest = ""] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (name === "") throw new Error(`not an instruction: ${line}`);
    if (name === "FROM") {
      const [, image = "", alias] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ image, alias, instructions: [] });
    } else {
      stages.at(-1)?.instructions.push({ name, text: rest });
    }
  }
  return stages;
}

/** The flags of an instruction (`--from=build`), and the words after them. */
export function split(text: string): { flags: Map<string, string>; words: string[]; rest: string } {
  const flags = new Map<string, string>();
  let rest = text;
  for (let match = flag.exec(rest); match !== null; match = flag.exec(rest)) {
    flags.set(match[1] ?? "", match[2] ?? "");
    rest = rest.slice(match[0].length);
  }
  return { flags, words: rest.split(/\s+/), rest };
}

const flag = /^--([a-z-]+)=(\S+)\s+/;

/** The program and arguments of `CMD ["node", "x.js"]`. A shell form is refused. */
export function execForm(text: string): string[] {
  return JSON.parse(text.replace(/^.*?CMD /, ""));
}

/** `A=1 B=2` */
export function variables(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value]),
  );
}
