import { join } from "node:path";
import { packageRoot } from "../../src/package-root.ts";
import { corpora } from "../../tooling/corpus/corpora.ts";
import { stage } from "../../tooling/corpus/stage.ts";
import { compile, type Image } from "../../tooling/plugins/image.ts";

/** Compiled protos that the plugins are run on. */
export interface Input {
  readonly name: string;
  readonly image: Image;
  /** The files to generate code for. */
  readonly files: readonly string[];
  readonly rpcs: number;
}

/** From one small service to everything that Google Cloud has, smallest first. */
export async function inputs(): Promise<Input[]> {
  const user = await compile(join(packageRoot(), "templates", "starters", "user", "proto"));
  const temporal = await corpusImage("temporal");
  const google = await corpusImage("google-proto-files");
  const compute = "google/cloud/compute/v1/compute.proto";
  return [
    input("user.proto", user, (path) => path === "user.proto"),
    input("temporal", temporal, (path) => path.startsWith("temporal/")),
    input("compute.proto", google, (path) => path === compute),
    input("Google Cloud", google, (path) => path.startsWith("google/cloud/")),
  ];
}

async function corpusImage(name: string): Promise<Image> {
  const corpus = corpora.find((corpus) => corpus.name === name);
  if (corpus === undefined) throw new Error(`unknown corpus ${name}`);
  return compile((await stage(corpus)).folder);
}

function input(name: string, image: Image, isWanted: (path: string) => boolean): Input {
  const wanted = image.filter((file) => isWanted(file.name));
  const services = wanted.flatMap((file) => file.service);
  const rpcs = services.flatMap(({ method }) => method).length;
  return { name, image, files: wanted.map((file) => file.name), rpcs };
}
