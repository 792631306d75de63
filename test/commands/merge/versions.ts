import { before, type Patches, swap } from "../../support/other-version.ts";

const project = "templates/project";
const starter = "templates/starters/user";

/** Five ways in which versions of create-grpc-service differ. */
export const versionPairs: Readonly<Record<string, Patches>> = {
  "a line here and there": {
    [`${project}/src/app.ts`]: before("logger:", "    drainMs: 10_000,"),
    [`${project}/src/interceptors.ts`]: swap("// outermost: turns", "// the first: turns"),
    [`${project}/Makefile.hbs`]: swap("## Run the tests", "## Run all tests"),
    [`${project}/Dockerfile.hbs`]: before("FROM", "# syntax=docker/dockerfile:1"),
    [`${project}/test/app.test.ts`]: (text) => `${text}\n// more of it\n`,
  },
  "files added, removed and moved to others": {
    [`${project}/src/limits.ts`]: () => "export const limits = { calls: 100 };\n",
    [`${project}/docs/limits.md`]: () => "# Limits\n\nA page.\n",
    [`${project}/_gitattributes`]: () => undefined,
    [`${starter}/test/drain.test.ts`]: () => undefined,
    [`${starter}/src/users/refusals.ts`]: () => undefined,
    [`${starter}/src/users/answers.ts`]: () => "export const answers = [];\n",
    [`${project}/src/app.ts`]: before("import type { Config }", 'import "./limits.ts";'),
  },
  "package.json and settings of tools": {
    [`${project}/package.json.hbs`]: (text) =>
      text
        .replace(
          '"doctor": "grpc-service doctor",',
          '"doctor": "grpc-service doctor",\n    "check": "x",',
        )
        .replace('    "mock": "grpc-service mock",\n', "")
        .replace('"jose": "{{version "jose"}}"', '"jose": "^99.0.0"')
        .replace('"tsx": "{{version "tsx"}}"', '"swc": "1.0.0",\n    "tsx": "{{version "tsx"}}"'),
    [`${project}/tsconfig.json`]: swap('"strict": true', '"strict": true,\n    "newer": true'),
    [`${project}/biome.json.hbs`]: swap('"lineWidth": 100', '"lineWidth": 110'),
  },
  "every handler of the starter": Object.fromEntries(
    ["get-user", "create-user", "list-users", "stream-users", "create-batch-users"].flatMap(
      (name) => [
        [
          `${starter}/src/services/user/${name}.ts`,
          (text: string) =>
            text.replace("import", "// from a newer version\nimport").concat("// end\n"),
        ],
        [`${starter}/test/services/user/${name}.test.ts`, (text: string) => `// tests\n${text}`],
      ],
    ),
  ),
  "documents and everything shared": {
    [`${project}/README.md.hbs`]: (text) =>
      text.replace("A gRPC server", "A server").replace(/^To add an RPC:$/m, "An RPC more:"),
    [`${project}/docs/operations.md.hbs`]: (text) => text.replace(/^## /gm, "### "),
    [`${project}/AGENTS.md.hbs`]: (text) => text.split("\n").slice(2).join("\n"),
    [`${project}/manifest.json`]: (text) => text.replace(/"about": "/, '"about": "Newer: '),
    [`${starter}/proto/user.proto`]: (text) =>
      text.replace("service ", "// The service.\nservice "),
    [`${project}/docker-compose.yml.hbs`]: (text) =>
      text.replaceAll("  read_only", "  # safe\n    read_only"),
  },
};
