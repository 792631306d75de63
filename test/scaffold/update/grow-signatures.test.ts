import { expect, test } from "vitest";
import { copyBeforeEach, edit, grow, setRpcs } from "./growing-project.ts";

copyBeforeEach();

const stream = "rpc Get(M) returns (stream M);";

test("untouched stubs of an RPC with another signature are printed anew", async () => {
  await setRpcs(stream);
  const { output, text } = await grow();
  expect(text("src/services/user/get.ts")).toContain("return async function* (_request, context)");
  expect(text("test/services/user/get.test.ts")).toContain("responses[Symbol.asyncIterator]()");
  expect(output).toContain(
    "Printed anew, as you had not changed them:\n  src/services/user/get.ts\n  test/services/user/get.test.ts\n",
  );
  expect(output).not.toContain("another signature");
});

test("a stub that only a formatter changed is untouched", async () => {
  await edit("src/services/user/get.ts", (text) =>
    text
      .replaceAll('"', "'")
      .replaceAll(";", "")
      .replace("(_request, context)", "(\n    _request,\n    context,\n  )"),
  );
  await setRpcs(stream);
  const { text } = await grow();
  expect(text("src/services/user/get.ts")).toContain("async function*");
});

test("code of the user is left alone, and its places are listed", async () => {
  await edit("src/services/user/get.ts", (text) =>
    text.replace("return async", "// mine\n  return async"),
  );
  await setRpcs(stream);
  const { output, changed } = await grow();
  expect(changed).not.toContain("src/services/user/get.ts");
  expect(output).toContain(
    "RPCs have another signature; your code for them:\n  src/services/user/get.ts:5: user.UserService/Get is now: server streaming (was: unary)\n",
  );
});

test("a comment of the proto follows into an untouched stub", async () => {
  await setRpcs("\n  // Finds it.\n  rpc Get(M) returns (M);");
  const { text } = await grow();
  expect(text("src/services/user/get.ts")).toContain("/** Finds it. */\n");
  await setRpcs("\n  // Finds it, or not.\n  rpc Get(M) returns (M);");
  expect((await grow()).text("src/services/user/get.ts")).toContain("/** Finds it, or not. */\n");
});
