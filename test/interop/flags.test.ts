import { expect, test } from "vitest";
import { Flags } from "./flags.ts";

test("values follow an equals sign or a space; a flag alone is true", () => {
  const flags = new Flags(["--port=80", "-server_host", "h", "--use_tls", "--use_test_ca=false"]);
  expect(flags.port("port")).toBe(80);
  expect(flags.text("server_host")).toBe("h");
  expect(flags.boolean("use_tls")).toBe(true);
  expect(flags.boolean("use_test_ca")).toBe(false);
  expect(flags.boolean("missing")).toBe(false);
  expect(flags.text("missing")).toBeUndefined();
});

test.each([["x"], ["--a=1", "x"]])("%j is no flag", (...args) => {
  expect(() => new Flags(args)).toThrow("x is no flag");
});

test.each(["", "x", "-1", "65536", "1e3", "true"])("%j is no port", (value) => {
  expect(() => new Flags([`--port=${value}`]).port("port")).toThrow("--port is a port");
});

test("a boolean is true or false", () => {
  expect(() => new Flags(["--use_tls=yes"]).boolean("use_tls")).toThrow('not "yes"');
});
