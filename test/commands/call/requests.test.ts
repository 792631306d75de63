import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { writeFiles } from "../../scaffold/support.ts";
import { useThings } from "./support/use-things.ts";

const { cwd, call, callWith } = useThings();

describe("requests", () => {
  test("from the argument, --data, a file and standard input", async () => {
    await writeFiles(cwd(), { "thing.json": '{\n  "id": 3\n}\n' });
    const expected = { code: 0, output: '{"id":"3"}\n', notes: "" };
    const json = '{"id":"3"}';
    expect(await call("Things/Echo", json)).toEqual(expected);
    expect(await call("Things/Echo", "--data", json)).toEqual(expected);
    expect(await call("-d", json, "Things/Echo")).toEqual(expected);
    expect(await call("Things/Echo", "@thing.json")).toEqual(expected);
    expect(await callWith(json, "Things/Echo")).toEqual(expected);
    expect(await callWith(json, "Things/Echo", "@-")).toEqual(expected);
  });

  test("with a byte order mark in front, as editors and shells of Windows write", async () => {
    await writeFiles(cwd(), { "bom.json": '\ufeff{"id":"3"}' });
    const expected = { code: 0, output: '{"id":"3"}\n', notes: "" };
    expect(await call("Things/Echo", "@bom.json")).toEqual(expected);
    expect(await callWith('\ufeff{"id":"3"}', "Things/Echo")).toEqual(expected);
    const joined = await callWith('\ufeff{"content":"a"}\r\n\ufeff{"content":"b"}', "Chat");
    expect(joined.output).toBe('{"content":"re: a"}\n{"content":"re: b"}\n{"content":"bye"}\n');
    expect(await callWith("\ufeff", "Things/Echo")).toMatchObject({ output: "{}\n" });
  });

  test("without any, a method that takes one gets an empty one", async () => {
    expect(await callWith("", "Things/Echo")).toEqual({ code: 0, output: "{}\n", notes: "" });
  });

  test("several for a stream, a line each or one after the other", async () => {
    const expected = ["re: a", "re: b", "bye"].map((content) => `${JSON.stringify({ content })}\n`);
    for (const input of [
      '{"content":"a"}\n{"content":"b"}\n',
      '{"content":"a"} {"content":"b"}',
      '{\n "content": "a"\n}{"content":"b"}',
    ]) {
      expect((await callWith(input, "Chat")).output).toBe(expected.join(""));
      expect((await call("Chat", input)).output).toBe(expected.join(""));
    }
  });

  test("64-bit integers and text keep every digit and letter", async () => {
    const id = "-9223372036854775808";
    const large = "18446744073709551615";
    const { output } = await call(
      "Things/Echo",
      `{"id": ${id}, "large": ${large}, "name": "홍길동 1234567890123456789", "number": 1e400}`.replace(
        ', "number": 1e400',
        "",
      ),
    );
    expect(JSON.parse(output)).toEqual({ id, large, name: "홍길동 1234567890123456789" });
  });

  test("a file for a bytes field: whole for one request", async () => {
    await writeFiles(cwd(), { "some.bin": Buffer.from([0, 1, 254, 255]) });
    const { output } = await call("Things/Echo", '{"id":1}', "--file", "data=some.bin");
    expect(JSON.parse(output)).toEqual({ id: "1", data: "AAH+/w==" });
    const nested = await call("Repeat", '{"count":1}', "--file", "thing.data=@some.bin");
    expect(nested.code).toBe(0);
  });

  test("a file for a bytes field: in chunks of 1 MiB for a stream, after the JSON", async () => {
    const bytes = randomBytes(2.5 * 1024 * 1024);
    await writeFiles(cwd(), { "large.bin": bytes, "empty.bin": "" });
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const summary = { success: true, totalSize: String(bytes.length), sha256 };
    const upload = await call("Upload", "--file", "data=large.bin");
    expect(JSON.parse(upload.output)).toEqual({ ...summary, chunks: 3 });
    const named = await call(
      "Upload",
      '{"name":"x"}',
      "--file=data=large.bin",
      "--chunk-size=500KB",
    );
    expect(JSON.parse(named.output)).toEqual({ ...summary, chunks: 7, name: "x" });
    const piped = await callWith(bytes, "Upload", "--file", "data=-");
    expect(JSON.parse(piped.output)).toEqual({ ...summary, chunks: 3 });
    const empty = await call("Upload", "--file", "data=empty.bin");
    expect(JSON.parse(empty.output)).toMatchObject({ success: true });
  });
});
