import { pino } from "pino";
import { expect, test } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { HttpModel } from "../../src/model/http-model.ts";
import { LocalModel } from "../../src/model/local-model.ts";
import { openModel } from "../../src/model/open-model.ts";

const url = "https://models.example/v1";

test("MODEL_URL chooses the model", () => {
  const { model } = loadConfig({ MODEL_URL: url, MODEL_NAME: "tiny", MODEL_API_KEY: "sk-1" });
  expect(model.endpoint).toMatchObject({ name: "tiny", apiKey: "sk-1", timeoutMs: 30_000 });
  const logger = pino({ level: "silent" });
  expect(openModel({ environment: "test", model }, logger)).toBeInstanceOf(HttpModel);
  const local = loadConfig({}).model;
  expect(openModel({ environment: "test", model: local }, logger)).toBeInstanceOf(LocalModel);
});

test.each([
  [{ MODEL_URL: url }, /^MODEL_NAME must be set with MODEL_URL$/m],
  [{ MODEL_URL: "ftp://x" }, /^MODEL_URL must be a URL that starts with http:/m],
  [{ MODEL_URL: "https://me:secret@x", MODEL_NAME: "tiny" }, /^MODEL_URL must have no user/m],
  [{ MODEL_URL: url, MODEL_NAME: "tiny", MODEL_API_KEY: "a b" }, /^MODEL_API_KEY must be ASCII/m],
  [{ MAX_GENERATIONS: "0" }, /^MAX_GENERATIONS must be a whole number/m],
])("%j is refused, without its secrets", (variables, problem) => {
  expect(() => loadConfig(variables)).toThrow(problem);
  expect(() => loadConfig(variables)).not.toThrow(/secret|a b/);
});

test("production needs MODEL_URL, unless LOCAL_MODEL asks for made-up text", () => {
  const load = (variables: Record<string, string>) =>
    loadConfig({ ENV: "production", ...variables });
  expect(() => load({})).toThrow(/^MODEL_URL must be set; or LOCAL_MODEL=on/m);
  expect(() => load({ LOCAL_MODEL: "on" })).not.toThrow(/MODEL/);
  expect(() => load({ MODEL_URL: url, MODEL_NAME: "tiny" })).not.toThrow(/MODEL/);
});

test.each([
  ["development", [30]], // info
  ["production", [40]], // warn
  ["test", []],
] as const)("%s logs that text is made up at the levels %j", (environment, levels) => {
  const lines: string[] = [];
  const model = { endpoint: undefined, tokensPerSecond: 50 };
  openModel({ environment, model }, pino({}, { write: (line) => void lines.push(line) }));
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    levels.map((level) =>
      expect.objectContaining({ level, msg: expect.stringMatching(/makes up/) }),
    ),
  );
});
