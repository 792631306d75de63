// @module-tag installs

import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { copyCheckout } from "../../tooling/checkout.ts";
import { type CommandResult, run } from "../../tooling/packed/commands.ts";
import { writeFiles } from "../scaffold/support.ts";
import { codeBlocks, shellCommands } from "../support/markdown.ts";
import { whileServing } from "../support/serving.ts";
import { worksAsEmitted } from "./emitted.ts";
import { createSandbox, type Sandbox } from "./packed.ts";

const readme = await readFile(join(packageRoot(), "README.md"), "utf8");

const create = "npm create grpc-service@latest my-service -- --proto ./my.proto";
const googleAndRules =
  "-I third_party/node_modules/google-proto-files -I protovalidate/proto/protovalidate";
const clone = "git clone --depth 1 https://github.com/bufbuild/protovalidate";
const fromCheckout =
  "npm ci && npm run build && node dist/create-grpc-service.js ../my-service --proto ./my.proto --yes";
const install = "npm install grpc-service @grpc/grpc-js @bufbuild/protobuf";
const installTools = "npm install --save-dev create-grpc-service @bufbuild/protoc-gen-es";
const protoc =
  "protoc --plugin=node_modules/.bin/protoc-gen-grpc-service --grpc-service_out=src/gen --grpc-service_opt=target=ts,import_extension=ts user.proto";

/** A proto with 3 RPCs. */
const proto = `syntax = "proto3";
package shop.v1;
service Shop {
  rpc Buy(BuyRequest) returns (Receipt);
  rpc Watch(BuyRequest) returns (stream Receipt);
  rpc BuyMany(stream BuyRequest) returns (Receipt);
}
message BuyRequest { string sku = 1; }
message Receipt { string id = 1; }
`;

/** A proto that imports both sets which the README names. */
const ruledProto = `syntax = "proto3";
package shop.v1;
import "buf/validate/validate.proto";
import "google/type/money.proto";
service Shop { rpc Buy(BuyRequest) returns (google.type.Money); }
message BuyRequest { string sku = 1 [(buf.validate.field).required = true]; }
`;

/** Stands in for the one of protovalidate: the same extension with one of its rules. */
const validateProto = `syntax = "proto2";
package buf.validate;
import "google/protobuf/descriptor.proto";
message FieldRules { optional bool required = 25; }
extend google.protobuf.FieldOptions { optional FieldRules field = 1159; }
`;

describe("README.md", { timeout: 600_000 }, () => {
  let place: Sandbox;
  beforeAll(async () => {
    place = await createSandbox();
  });
  afterAll(() => place.remove());

  /** Runs a command of the README in a folder. */
  const shell = (command: string, folder: string): Promise<CommandResult> =>
    run("sh", ["-c", command], { cwd: folder, timeoutMs: 600_000 });

  /**
   * A command with our packed packages in place of those of a registry, where they are not yet. There
   * is no terminal to answer in.
   */
  function packed(command: string): string {
    const { tool, library } = place.tarballs;
    if (command.startsWith("npm create ")) {
      const exec = `npm exec --yes --package=file:${tool.path} -- create-grpc-service`;
      return `${command.replace("npm create grpc-service@latest", exec).replace("my-service -- ", "my-service ")} --yes`;
    }
    return command
      .replace(" create-grpc-service ", ` file:${tool.path} `)
      .replace(" grpc-service ", ` file:${library.path} `);
  }

  test("shows the commands that are tested here, and no others", () => {
    expect(shellCommands(readme)).toEqual([
      ...[create, "cd my-service", "npm test", "npm run dev"],
      ...["make demo", "make test", "make pack", fromCheckout],
      ...["npm install --prefix third_party google-proto-files", clone],
      ...[`${create} ${googleAndRules}`, install, installTools, protoc],
    ]);
  });

  describe("a project from a proto", () => {
    const project = () => join(place.folder, "my-service");

    test("is created, passes its tests and serves", async () => {
      await writeFiles(place.folder, { "my.proto": proto });
      await shell(packed(create), place.folder);
      await shell("npm test", project());
      await whileServing("npm run dev", project(), () => Promise.resolve());
    });

    worksAsEmitted(project, /UNIMPLEMENTED/);
  });

  describe("a clone", () => {
    let checkout: string;
    beforeAll(async () => {
      checkout = join(place.folder, "clones/create-grpc-service");
      await copyCheckout(checkout);
    });

    test("make demo", async () => {
      const { stdout } = await shell("make demo", checkout);
      expect(stdout).toMatch(/^Demo: everything came back as promised\.$/m);
    });

    test("make pack", async () => {
      await shell("make pack", checkout);
      for (const name of ["grpc-service-0.1.0.tgz", "create-grpc-service-0.1.0.tgz"]) {
        expect(existsSync(join(checkout, "dist/packs", name)), name).toBe(true);
      }
    });

    // It would run this test again.
    test("make test runs the check, the build and the tests", async () => {
      const { stdout } = await shell("make --dry-run test", checkout);
      const steps = stdout.split("\n").filter((line) => line.startsWith("npm run "));
      expect(steps.map((line) => line.split(" ").at(-1))).toEqual(["check", "build", "test"]);
    });

    test("a project is created from it", async () => {
      await writeFiles(checkout, { "my.proto": proto });
      await shell(fromCheckout, checkout);
      await shell("npm test", join(checkout, "../my-service"));
    });
  });

  test("imports and rules", async () => {
    const folder = join(place.folder, "imports");
    await writeFiles(folder, {
      "my.proto": ruledProto,
      // In place of the clone, which needs GitHub.
      "protovalidate/proto/protovalidate/buf/validate/validate.proto": validateProto,
    });
    await shell("npm install --prefix third_party google-proto-files", folder);
    await shell(packed(`${create} ${googleAndRules}`), folder);
    await shell("npm test", join(folder, "my-service"));
  });

  describe("the plugin alone", () => {
    let folder: string;
    const generated = () => join(folder, "src/gen");
    beforeAll(async () => {
      folder = join(place.folder, "plugin");
      const userProto = join(packageRoot(), "test/cases/user/user.proto");
      const yaml = codeBlocks(readme).find(({ language }) => language === "yaml")?.text ?? "";
      await writeFiles(folder, {
        "package.json": '{ "private": true, "type": "module" }',
        "buf.gen.yaml": yaml,
      });
      for (const path of ["user.proto", "proto/user.proto"]) {
        await cp(userProto, join(folder, path));
      }
      await shell(packed(install), folder);
      await shell(packed(installTools), folder);
    }, 300_000);

    test("with buf", async () => {
      await shell("npx buf generate", folder);
      const files = (await readdir(generated())).sort();
      expect(files).toEqual(["user_client.ts", "user_codec.ts", "user_grpc.ts", "user_pb.ts"]);
    });

    test("with protoc, the same", { tags: "protoc" }, async () => {
      const names = ["user_client.ts", "user_codec.ts", "user_grpc.ts"];
      const read = () =>
        Promise.all(names.map((name) => readFile(join(generated(), name), "utf8")));
      const expected = await read();
      await rm(generated(), { recursive: true });
      await mkdir(generated(), { recursive: true });
      await shell(protoc, folder);
      expect(await read()).toEqual(expected);
    });
  });
});
