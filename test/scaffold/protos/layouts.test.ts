import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sourcePaths } from "../../../src/scaffold/protos/compile.ts";
import { writeFiles } from "../support.ts";
import { collected, cwd, repository, service } from "./repository.ts";

interface Layout {
  readonly files: Readonly<Record<string, string>>;
  /** The file of a service, with the files that it leads to. */
  readonly file: readonly [path: string, ...protos: string[]];
  /** All files. */
  readonly top: readonly string[];
}

const layouts: Readonly<Record<string, Layout>> = {
  "protos in a folder that no file names": {
    files: { "protos/a/a.proto": service("a", "b/b.proto"), "protos/b/b.proto": service("b") },
    file: ["protos/a/a.proto", "a/a.proto", "b/b.proto"],
    top: ["a/a.proto", "b/b.proto"],
  },
  "packages that do not fit their folders": {
    files: {
      "proto/tap.proto": service("io.proxy.tap", "net.proto"),
      "proto/net.proto": service("io.proxy.net"),
    },
    file: ["proto/tap.proto", "net.proto", "tap.proto"],
    top: ["net.proto", "tap.proto"],
  },
  "a file that the folders below import": {
    files: {
      "rpc/main.proto": service("rpc"),
      "rpc/router/router.proto": service("router", "main.proto"),
    },
    file: ["rpc/router/router.proto", "main.proto", "router/router.proto"],
    top: ["main.proto", "router/router.proto"],
  },
  "a module of buf that is a folder": {
    files: {
      "api/buf.yaml": "version: v1\n",
      "api/a/v1/a.proto": service("other.name", "a/v1/b.proto"),
      "api/a/v1/b.proto": service("x"),
      "api/a/v1/unused/c.proto": service("unrelated"),
    },
    file: ["api/a/v1/a.proto", "a/v1/a.proto", "a/v1/b.proto"],
    top: ["a/v1/a.proto", "a/v1/b.proto", "a/v1/unused/c.proto"],
  },
  "a module of buf with roots": {
    files: {
      "buf.yaml": "version: v1beta1\nbuild:\n  roots: [idl]\n",
      "idl/acme/v1/a.proto": service("a", "acme/v1/b.proto"),
      "idl/acme/v1/b.proto": service("b"),
    },
    file: ["idl/acme/v1/a.proto", "acme/v1/a.proto", "acme/v1/b.proto"],
    top: ["acme/v1/a.proto", "acme/v1/b.proto"],
  },
  "imports by the path of the Go module": {
    files: {
      "go.mod": "module github.com/acme/shop/v2\n\ngo 1.24\n",
      "order/proto/order.proto": service(
        "order",
        "github.com/acme/shop/v2/money/proto/money.proto",
      ),
      "money/proto/money.proto": service("money"),
    },
    file: [
      "order/proto/order.proto",
      "github.com/acme/shop/v2/money/proto/money.proto",
      "github.com/acme/shop/v2/order/proto/order.proto",
    ],
    top: [
      "github.com/acme/shop/v2/money/proto/money.proto",
      "github.com/acme/shop/v2/order/proto/order.proto",
    ],
  },
  "imports by the name of the repository": {
    files: {
      "api/kv.proto": service("kv"),
      "server/lock.proto": service("lock", "repo/api/kv.proto"),
    },
    file: ["server/lock.proto", "repo/api/kv.proto", "repo/server/lock.proto"],
    top: ["repo/api/kv.proto", "repo/server/lock.proto"],
  },
  "imports from a tree beside the importing one": {
    files: {
      "services/a/a.proto": service("a", "common/money.proto"),
      "shared/protos/common/money.proto": service("money", "common/unit.proto"),
      "shared/protos/common/unit.proto": service("unit"),
    },
    file: ["services/a/a.proto", "a/a.proto", "common/money.proto", "common/unit.proto"],
    top: ["a/a.proto", "common/money.proto", "common/unit.proto"],
  },
  "protos of others and test data, which are only imported": {
    files: {
      "a/v1/a.proto": service("a.v1", "other/x.proto"),
      "third_party/other/x.proto": service("other"),
      "third_party/other/y.proto": service("unused"),
      "vendor/z.proto": "this is no proto",
      "testdata/z.proto": "this is no proto",
      "created/.create-grpc-service.json": "{}",
      "created/proto/a/v1/a.proto": "an older copy",
    },
    file: ["a/v1/a.proto", "a/v1/a.proto", "other/x.proto"],
    top: ["a/v1/a.proto", "other/x.proto"],
  },
  "copies of one file": {
    files: {
      "protos/demo.proto": service("demo"),
      "src/a/demo.proto": service("demo"),
      "src/b/protos/demo.proto": service("demo"),
    },
    file: ["protos/demo.proto", "demo.proto"],
    top: ["protos/demo.proto"],
  },
};

describe.each(Object.entries(layouts))("%s", (_, { files, file, top }) => {
  const [path, ...protos] = file;

  test("from the file, its folder and the top", async () => {
    await repository("repo", files);
    expect(await collected([`repo/${path}`]), "file").toEqual(protos);
    const folder = await collected([`repo/${path.slice(0, path.lastIndexOf("/"))}`]);
    expect(folder, "folder").toEqual(expect.arrayContaining(protos));
    expect(await collected(["repo"]), "top").toEqual(top);
  });
});

test("-I is the root of the files below it, also in a folder that is given", async () => {
  const { files } = layouts["protos in a folder that no file names"] ?? { files: {} };
  await writeFiles(join(cwd, "r"), files);
  expect(await collected(["r"], ["r/protos"])).toEqual(["a/a.proto", "b/b.proto"]);
  expect(await collected(["r"], [".", "r", "r/protos"])).toEqual(["a/a.proto", "b/b.proto"]);
});

test("a copy without .git has its root as far above as packages are deep", async () => {
  const folder = "acme/cloud/data/storage/internal/query/v1";
  await writeFiles(join(cwd, "copy"), {
    [`${folder}/a.proto`]: service("acme.cloud.a", "acme/cloud/data/types/v1/b.proto"),
    "acme/cloud/data/types/v1/b.proto": service("acme.cloud.b"),
  });
  const files = [`${folder}/a.proto`, "acme/cloud/data/types/v1/b.proto"];
  expect(await collected([join("copy", folder)])).toEqual(files);
  expect(await collected([join("copy", folder, "a.proto")])).toEqual(files);
});

test("a file by several paths is one file", async () => {
  await writeFiles(cwd, {
    "real/a/v1/a.proto": service("a.v1", "a/v1/t.proto"),
    "real/a/v1/t.proto": service("t"),
  });
  await symlink("real", join(cwd, "link"));
  await symlink("t.proto", join(cwd, "real/a/v1/u.proto"));
  const files = ["a/v1/a.proto", "a/v1/t.proto"];
  expect(await collected(["real", "link"])).toEqual(files);
  expect(await collected(["link/a/v1/a.proto", "real"])).toEqual(files);
  expect(await collected(["real/a/v1/a.proto"], ["link"])).toEqual(files);
  expect(await collected(["real", "."], ["link"])).toEqual(files);
});

test("the outermost of several folders with a file counts", async () => {
  await writeFiles(cwd, { "p/a.proto": service("x"), "p/q/b.proto": service("y") });
  expect(await collected(["p/q", "p"])).toEqual(["a.proto", "q/b.proto"]);
  expect(await collected(["p/q/b.proto", "p"])).toEqual(["a.proto", "q/b.proto"]);
});

test("links that lead nowhere and hidden files are skipped", async () => {
  await writeFiles(cwd, {
    "p/a.proto": service("a"),
    "p/._a.proto": "\0\0",
    "p/.#c.proto": "lock",
  });
  await symlink("user@host.1234:5678", join(cwd, "p/.#a.proto"));
  await symlink("gone.proto", join(cwd, "p/b.proto"));
  await symlink("loop.proto", join(cwd, "p/loop.proto"));
  expect(await collected(["p"])).toEqual(["a.proto"]);
});

test("protobuf's own files are imported, not served: some are published without what they import", async () => {
  await writeFiles(cwd, {
    "p/google/protobuf/util/json_test.proto": service("tests", "google/protobuf/unittest.proto"),
    "p/google/protobuf/json/bytes.proto": service("bytes"),
    "p/google/protobuf/any.proto": "built into the compiler",
    "p/shop/shop.proto": service("shop", "google/protobuf/json/bytes.proto"),
  });
  expect(await collected(["p"])).toEqual(["google/protobuf/json/bytes.proto", "shop/shop.proto"]);
  await expect(collected(["p/google/protobuf/util"])).rejects.toThrow("google/protobuf/unittest");
});

test("Ctrl-C ends the search for imports", async () => {
  await writeFiles(cwd, { "a.proto": service("a") });
  const options = { proto: ["a.proto"], importPaths: [], cwd, signal: AbortSignal.abort() };
  await expect(sourcePaths(options)).rejects.toThrow("interrupted");
});
