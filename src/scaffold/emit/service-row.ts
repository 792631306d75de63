import type { MethodModel, ServiceModel } from "../../plugin/model.ts";

/** The row of an RPC in the table of its service in docs/services.md. */
export function printServiceRow({ directory }: ServiceModel, method: MethodModel): string {
  const { name, kind, input, output, fileName } = method;
  const { pattern, request, response } = streams[kind];
  const cells = [
    `\`${name}\``,
    pattern,
    `${request}\`${input.typeName}\``,
    `${response}\`${output.typeName}\``,
    `[${fileName}.ts](../src/services/${directory}/${fileName}.ts)`,
  ];
  return `| ${cells.join(" | ")} |`;
}

interface Streams {
  readonly pattern: string;
  readonly request: string;
  readonly response: string;
}

const streams: Readonly<Record<MethodModel["kind"], Streams>> = {
  unary: { pattern: "unary", request: "", response: "" },
  server_streaming: { pattern: "server streaming", request: "", response: "stream " },
  client_streaming: { pattern: "client streaming", request: "stream ", response: "" },
  bidi_streaming: { pattern: "bidirectional", request: "stream ", response: "stream " },
};
