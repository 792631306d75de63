import type { MethodModel } from "../../plugin/model.ts";

/** The lines of an RPC in the sequence diagram of its service in docs/services.md. */
export function printDiagramLines({ name, kind, input, output }: MethodModel): string[] {
  const call = `Client->>Server: ${name}(${input.typeName})`;
  const answer = `Server-->>Client: ${output.typeName}`;
  switch (kind) {
    case "unary":
      return [`  ${call}`, `  ${answer}`];
    case "server_streaming":
      return [`  ${call}`, "  loop server streaming", `    ${answer}`, "  end"];
    case "client_streaming":
      return ["  loop client streaming", `    ${call}`, "  end", `  ${answer}`];
    case "bidi_streaming":
      return [
        `  par ${name}, both directions at once`,
        `    Client->>Server: stream of ${input.typeName}`,
        "  and",
        `    Server-->>Client: stream of ${output.typeName}`,
        "  end",
      ];
  }
}
