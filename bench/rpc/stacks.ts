/** A server of `proto/users.proto`; two or more processes of each run at once. */
export interface Stack {
  readonly name: StackName;
  /** Program below `programs/servers`. */
  readonly program: string;
  readonly args?: readonly string[];
}

export type StackName =
  | "node:http2, fixed bytes"
  | "grpc-js, bytes"
  | "grpc-js + proto-loader"
  | "grpc-js + ts-proto"
  | "grpc-js + protobuf-es"
  | "nice-grpc"
  | "connect-node"
  | "NestJS"
  | "ours"
  | "ours, 5 interceptors"
  | "ours, 5 empty interceptors"
  | "ours, as emitted"
  | "ours on grpc.Server";

/** What the others are measured against: raw grpc-js with the messages that ours has. */
export const baseline: StackName = "grpc-js + protobuf-es";

const stacks: readonly Stack[] = [
  { name: "node:http2, fixed bytes", program: "http2.mjs" },
  { name: "grpc-js, bytes", program: "grpc-js-bytes.mjs" },
  { name: "grpc-js + proto-loader", program: "grpc-js-proto-loader.mjs" },
  { name: "grpc-js + ts-proto", program: "grpc-js-ts-proto.mjs" },
  { name: "grpc-js + protobuf-es", program: "grpc-js-protobuf-es.mjs" },
  { name: "nice-grpc", program: "nice-grpc.mjs" },
  { name: "connect-node", program: "connect-node.mjs" },
  { name: "NestJS", program: "nestjs.mjs" },
  { name: "ours", program: "ours.mjs" },
  {
    name: "ours, 5 interceptors",
    program: "ours.mjs",
    args: [JSON.stringify({ interceptors: "emitted" })],
  },
  {
    name: "ours, 5 empty interceptors",
    program: "ours.mjs",
    args: [JSON.stringify({ interceptors: "empty" })],
  },
  { name: "ours, as emitted", program: "ours-as-emitted.mjs" },
  { name: "ours on grpc.Server", program: "ours-on-grpc-server.mjs" },
];

/** The stacks with these names, or all. @throws Error for an unknown name */
export function chosenStacks(names: readonly string[] | undefined): readonly Stack[] {
  if (names === undefined) return stacks;
  const unknown = names.find((name) => stacks.every((stack) => stack.name !== name));
  if (unknown !== undefined) {
    throw new Error(`--stacks takes ${stacks.map(({ name }) => `"${name}"`).join(", ")}`);
  }
  return stacks.filter(({ name }) => names.includes(name));
}
