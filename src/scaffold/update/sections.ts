import type { ServiceModel } from "../../plugin/model.ts";
import { printServiceNames, printServicesDoc } from "../emit/services-doc.ts";
import { printTestExample } from "../emit/test-example.ts";
import { rewriteCalls } from "./client-calls.ts";
import type { Printed } from "./printed.ts";
import { docFile } from "./services-doc.ts";
import type { Sources } from "./sources.ts";

/**
 * Rewrites the marked parts of documents and of the demo client, if they are as they were printed last.
 * Where the user has changed or removed one, it stays.
 *
 * @returns whether the calls of the demo client are as they should be
 */
export function rewriteSections(sources: Sources, before: Printed, now: Printed): boolean {
  for (const { path, name, print } of sections) {
    rewrite(sources, path, name, [print(before.services), print(now.services)]);
  }
  return rewriteCalls(sources, before, now);
}

/** A part of a document between `<!-- sync: name ... -->` and `<!-- /sync -->`. */
interface Section {
  readonly path: string;
  readonly name: string;
  readonly print: (services: readonly ServiceModel[]) => string;
}

const sections: readonly Section[] = [
  { path: "README.md", name: "services", print: printServiceNames },
  {
    path: "docs/cookbook.md",
    name: "test",
    print: (services) => `\`\`\`ts\n${printTestExample(services)}\n\`\`\``,
  },
  { path: docFile, name: "tables", print: printServicesDoc },
];

function rewrite(
  sources: Sources,
  path: string,
  name: string,
  [was, is]: readonly [was: string, is: string],
): void {
  const marks = new RegExp(`(<!-- sync: ${name}\\b[^>]*-->\\n*)([\\s\\S]*?)(\\n*<!-- /sync -->)`);
  const printed = marks.exec(sources.original.get(path) ?? "")?.[2];
  const text = sources.get(path);
  if (printed === undefined || text === undefined || !sameText(printed, was)) return;
  sources.set(
    path,
    text.replace(marks, (_, start, _content, end) => `${start}${is}${end}`),
  );
}

/** Formatters of Markdown align tables. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string) =>
    text
      .replace(/-{3,}/g, "---")
      .replace(/[ \t]+/g, " ")
      .trim();
  return plain(a) === plain(b);
}
