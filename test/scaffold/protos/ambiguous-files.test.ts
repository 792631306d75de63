import { describe, expect, test } from "vitest";
import { collected, repository, service } from "./repository.ts";

describe("refuses with both places:", () => {
  test("a file that is imported by two paths", async () => {
    await repository("repo", {
      "api/rpc.proto": service("rpc"),
      "api/internal.proto": service("internal", "rpc.proto"),
      "server/lock.proto": service("lock", "api/rpc.proto"),
    });
    await expect(collected(["repo"])).rejects.toThrow(
      "repo/api/rpc.proto is imported as rpc.proto by repo/api/internal.proto and as api/rpc.proto by repo/server/lock.proto; give --proto only the folders or files that you need",
    );
    expect(await collected(["repo/server"])).toEqual(["api/rpc.proto", "server/lock.proto"]);
  });

  test("a name that two files declare", async () => {
    await repository("repo", {
      "a/a.proto": service("demo"),
      "b/b.proto": `${service("demo")}// newer\n`,
    });
    await expect(collected(["repo"])).rejects.toThrow(
      // The compiler chooses the first.
      /^repo\/(a|b)\/\1\.proto:4:\d+: `\w+` declared multiple times \(and 1 more\), also in repo\/(?!\1)(a|b)\/\2\.proto; give --proto only one of them or its folder$/,
    );
  });

  test("an import that two files could be, which -I decides", async () => {
    await repository("repo", {
      "src/a/a.proto": service("a", "common/b.proto"),
      "one/common/b.proto": service("b"),
      "two/common/b.proto": `${service("b")}// newer\n`,
    });
    await expect(collected(["repo/src"])).rejects.toMatchObject({
      message: expect.stringContaining("cannot find common/b.proto"),
      details: ["for common/b.proto, choose one of several files: add -I repo/one or -I repo/two"],
    });
    expect(await collected(["repo/src"], ["repo/two"])).toEqual(["a/a.proto", "common/b.proto"]);
  });
});
