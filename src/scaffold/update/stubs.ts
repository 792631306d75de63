import type { MethodModel, ServiceModel } from "../../plugin/model.ts";
import { printHandler } from "../emit/handler.ts";
import { printMethodTest } from "../emit/method-test.ts";
import type { Requests } from "../emit/request.ts";
import { sameCode } from "./code/tokens.ts";

/** A handler or test as it is printed for an RPC. */
export interface Stub {
  readonly path: string;
  readonly text: string;
}

/** The stubs of an RPC: its handler and its test. */
export function stubsOf(
  service: ServiceModel,
  folder: string,
  method: MethodModel,
  requests: Requests,
): readonly [handler: Stub, test: Stub] {
  const test = testFolder(folder);
  return [
    {
      path: `${folder}/${method.fileName}.ts`,
      text: printHandler(service, method, upFrom(folder)),
    },
    {
      path: `${test}/${method.fileName}.test.ts`,
      text: printMethodTest(service, method, requests, upFrom(test)),
    },
  ];
}

/** Folder of the tests of the handlers in a folder. */
export function testFolder(folder: string): string {
  return folder.replace(/^src\//, "test/");
}

/** The path from a folder below src or test up to that one: `../..`. */
function upFrom(folder: string): string {
  const depth = folder.split("/").length - 1;
  return Array.from({ length: depth }, () => "..").join("/");
}

/** Whether a file is as it was printed, apart from formatting: then nothing of the user's is in it. */
export function isUntouched(present: string | undefined, { text }: Stub): boolean {
  return present !== undefined && sameCode(present, text);
}

/**
 * Whether a handler is a stub by its looks: for RPCs of which nothing is known. It has the code of a stub
 * and no comments but the one above it.
 */
export function looksLikeStub(text: string): boolean {
  const [, code = ""] =
    /^(?:import [^;]*;?\s*)+(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?(export function [\s\S]*)$/.exec(
      text,
    ) ?? [];
  const body = code
    .replace(/[\s;]+/g, "")
    .replace(/,(?=\))/g, "")
    .replace(/['"]/g, '"');
  return /^exportfunction[\w$]+\(_dependencies:Dependencies\):[\w$]+\["[\w$]+"\]\{return(?:async\(_requests?,context\)=>unimplemented\(context\)|asyncfunction\*\(_requests?,context\)\{yieldunimplemented\(context\)\})\}$/.test(
    body,
  );
}
