import { join, posix } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
} from "@bufbuild/protobuf/wkt";
import { parseSync } from "rolldown/utils";
import { expect, test } from "vitest";
import { casesDirectory, compile, requestFor, run } from "../support.ts";
import { marker, mutateBytes, mutateRequest } from "./mutate.ts";
import { createRandom, type Random } from "./random.ts";

const count = 10_000;
/** Another one finds other things: `FUZZ_SEED=7 npx vitest run test/plugin/fuzz`. */
const seed = Number(process.env.FUZZ_SEED ?? 1);

const cases = [
  "user",
  "comments",
  "several-packages",
  "well-known-types",
  "proto2",
  "edition-2023",
];
const inputs = cases.map((name) => {
  const request = requestFor(compile(join(casesDirectory, name)));
  for (const file of request.protoFile.filter(({ name }) => name.startsWith("google/protobuf/"))) {
    delete file.sourceCodeInfo;
  }
  return toBinary(CodeGeneratorRequestSchema, request);
});

/** Every third is mutated as bytes; undefined when they are no request any more. */
function mutatedRequest(index: number, random: Random): CodeGeneratorRequest | undefined {
  const bytes = inputs[index % inputs.length] ?? new Uint8Array();
  if (random.below(3) > 0) {
    return mutateRequest(bytes, random);
  }
  try {
    return fromBinary(CodeGeneratorRequestSchema, mutateBytes(bytes, random));
  } catch {
    return undefined;
  }
}

/** What is wrong with a response, if anything. */
function problemOf(response: CodeGeneratorResponse): string | undefined {
  if (response.error !== "") {
    const isLine = /^[^\p{Cc}\u2028\u2029]+$/u.test(response.error);
    return isLine && response.file.length === 0 ? undefined : "the error is not one line alone";
  }
  const problems = response.file.map(
    ({ name, content }) => pathProblem(name) ?? codeProblem(name, content),
  );
  return problems.find((problem) => problem !== undefined);
}

function pathProblem(path: string): string | undefined {
  const isInside = posix.normalize(path) === path && !/^(\.\.|\/|[A-Za-z]:)|[\\\p{Cc}]/u.test(path);
  return isInside && /_(grpc|client|codec)(\.d)?\.[tj]s$/.test(path) ? undefined : `path ${path}`;
}

const parsed = new Set<string>();

function codeProblem(path: string, code: string): string | undefined {
  if (parsed.has(code)) {
    return undefined;
  }
  parsed.add(code);
  if (/(?![\t\n])[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]|^[\s/*]*@ts-|^\/\/[#@/]/mu.test(code)) {
    return `${path} holds a hidden character or a directive\n${code}`;
  }
  const { errors, program } = parseSync(path, code);
  if (errors.length > 0) {
    return `${path} does not parse: ${errors[0]?.message}\n${code}`;
  }
  // Comments are no part of the program; strings are, but not as names.
  const isInjected = code.includes(marker) && JSON.stringify(program).includes(`"name":"${marker}`);
  return isInjected ? `${path} has code injected\n${code}` : undefined;
}

test(`${count} mutated requests: an answer each, in time, and harmless`, {
  timeout: 180_000,
}, () => {
  const random = createRandom(seed);
  const seen = { errors: new Set<string>(), responses: 0, unreadable: 0 };
  for (let index = 0; index < count; index++) {
    const request = mutatedRequest(index, random);
    if (request === undefined) {
      seen.unreadable++;
      continue;
    }
    const where = `FUZZ_SEED=${seed}, request ${index}`;
    const start = process.cpuUsage();
    const response = answer(request, where);
    // Not by the clock: what else runs on the machine does not count.
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000, `${where} takes long`).toBeLessThan(1000);
    expect(problemOf(response), where).toBeUndefined();
    if (response.error === "") {
      seen.responses++;
    } else {
      seen.errors.add(response.error.replace(/"(\\.|[^"\\])*"|\d+/g, "_"));
    }
  }
  // The mutations are neither too tame nor too wild to tell anything.
  expect(seen.responses).toBeGreaterThan(count / 10);
  expect(seen.errors.size).toBeGreaterThan(50);
  expect(seen.unreadable).toBeGreaterThan(count / 100);
});

function answer(request: CodeGeneratorRequest, where: string): CodeGeneratorResponse {
  try {
    return run(request);
  } catch (error) {
    throw new Error(`${where} throws`, { cause: error });
  }
}
