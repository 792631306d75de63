/** A server of the user service; two or more processes of each run at once. */
export interface Contender {
  readonly name: ContenderName;
  /** Program below `programs/servers`. */
  readonly program: string;
  readonly options?: object;
}

export type ContenderName =
  | "ours, as emitted"
  | "ours, no cache"
  | "ours, no cache, no interceptors"
  | "NestJS + TypeORM"
  | "nice-grpc + pg"
  | "grpc-js + pg";

/** What the others are measured against: the least that one can write by hand. */
export const baseline: ContenderName = "grpc-js + pg";
export const ours: ContenderName = "ours, as emitted";

export const contenders: readonly Contender[] = [
  { name: ours, program: "ours.mjs" },
  { name: "ours, no cache", program: "ours.mjs", options: { cache: false } },
  {
    name: "ours, no cache, no interceptors",
    program: "ours.mjs",
    options: { cache: false, interceptors: false },
  },
  { name: "NestJS + TypeORM", program: "nestjs.mjs" },
  { name: "nice-grpc + pg", program: "nice-grpc.mjs" },
  { name: baseline, program: "grpc-js.mjs" },
];

export const peers: readonly ContenderName[] = contenders
  .map(({ name }) => name)
  .filter((name) => !name.startsWith("ours"));
