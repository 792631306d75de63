import { describe, expect, test } from "vitest";
import { parseGenConfig } from "../../../src/scaffold/generation/gen-config.ts";

describe("buf.gen.yaml", () => {
  const config = (es: string, grpc: string, input = "directory: proto") => `version: v2
inputs:
  - ${input}
plugins:
  - local: node_modules/.bin/protoc-gen-es
    out: src/gen
    ${es}
  - local: node_modules/.bin/protoc-gen-grpc-service
    out: src/gen
    ${grpc}
`;

  test("reads input and parameters", () => {
    const text = config("opt: target=ts,import_extension=ts", "opt: [target=ts, x=1]");
    expect(parseGenConfig(text)).toEqual({
      input: "proto",
      es: { parameter: "target=ts,import_extension=ts", includeImports: false },
      grpc: { parameter: "target=ts,x=1", includeImports: false },
    });
    const image = config("include_imports: true", "", "binary_image: proto/descriptors.binpb");
    expect(parseGenConfig(image)).toMatchObject({
      input: "proto/descriptors.binpb",
      es: { parameter: "", includeImports: true },
    });
  });

  test.each([
    ["invalid YAML", "a: [", "buf.gen.yaml:1: "],
    ["no plugins", "version: v2\ninputs:\n  - directory: proto\n", "no plugin"],
    ["another input", config("", "", "directory: ../elsewhere"), "expected one input"],
    ["another output", config("", "").replaceAll("src/gen", "lib"), 'must have "out: src/gen"'],
  ])("refused: %s", (_, text, message) => {
    expect(() => parseGenConfig(text)).toThrow(message);
  });
});
