import { genFolder } from "../../generation/gen-config.ts";
import { git } from "../../git.ts";

type Texts = ReadonlyMap<string, string>;

/**
 * The generated files of the project's last state: they tell which RPCs are new. These are the files on
 * disk; if they are those of the protos already, because `buf generate` ran first, those of the last commit.
 *
 * @param present files below src/gen, by path relative to it
 * @param generated what the protos give now
 */
export async function generatedBefore(
  project: string,
  present: Texts,
  generated: Texts,
  signal: AbortSignal,
): Promise<Texts> {
  const current = [...generated].every(([path, text]) => present.get(path) === text);
  if (!current || generated.size === 0) return present;
  return (await committed(project, signal)) ?? present;
}

/** The files of the last commit. Undefined without git, without a commit, and if it has none. */
async function committed(project: string, signal: AbortSignal): Promise<Texts | undefined> {
  const changed = await git(
    project,
    ["diff-index", "--name-only", "HEAD", "--", genFolder],
    signal,
  );
  if (changed === undefined || changed === "") return undefined;
  const list = await git(
    project,
    ["ls-tree", "-r", "--name-only", "-z", "HEAD", genFolder],
    signal,
  );
  const paths = (list ?? "").split("\0").filter((path) => path !== "");
  const texts = new Map<string, string>();
  for (const path of paths.filter((name) => /_(?:pb|grpc)\.[jt]s$/.test(name))) {
    const text = await git(project, ["show", `HEAD:./${path}`], signal);
    if (text !== undefined) texts.set(path.slice(genFolder.length + 1), text);
  }
  return texts.size === 0 ? undefined : texts;
}
