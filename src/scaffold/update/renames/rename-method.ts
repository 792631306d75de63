import { posix } from "node:path";
import type { MethodModel, ServiceModel } from "../../../plugin/model.ts";
import { clientModule, handlerFunction } from "../../emit/names.ts";
import { printDiagramLines } from "../../emit/service-diagram.ts";
import { printServiceRow } from "../../emit/service-row.ts";
import type { Code, CodeFile } from "../code/code.ts";
import { references } from "../code/tokens.ts";
import { handlerTypes } from "../handler-types.ts";
import { type ServedService, servedService } from "../served-service.ts";
import type { Sources } from "../sources.ts";
import { testFolder } from "../stubs.ts";
import { CodeEdits, span } from "./code-edits.ts";
import { renameMembers } from "./rename-members.ts";
import { renameTexts } from "./rename-texts.ts";
import { messageNames, type RenamedNames } from "./renamed-names.ts";
import { retarget } from "./retarget.ts";

/** An RPC of a service under its old and its new name. */
export interface RenamedMethod {
  readonly service: ServiceModel;
  readonly from: MethodModel;
  readonly to: MethodModel;
  /** Whether the protos still have a message. */
  readonly has: (typeName: string) => boolean;
  /** The generated modules of the protos as they are: path -> text. */
  readonly generated: ReadonlyMap<string, string>;
}

/** Moves the code of an RPC to its new name: handler, test, registration, calls, texts and documents. */
export function renameMethod(sources: Sources, code: Code, renamed: RenamedMethod): void {
  const { from, to } = renamed;
  const served = servedService(code, renamed.service);
  if (served === undefined) return;
  const { service, folder } = served;
  const edits = new CodeEdits(code);
  retarget(edits, code, { names: messages(renamed), generated: renamed.generated });
  for (const { file, name, start, end } of handlerTypes(code, service)) {
    if (name !== from.localName) continue;
    const quote = file.text.slice(start, start + 1);
    edits.edit(file.path, { start, end, text: quote + to.localName + quote });
    renameHandler(edits, file, renamed);
  }
  renameProperty(edits, served, renamed);
  renameMembers(edits, code, { service, from, to });
  renameCalls(edits, code, renamed);
  const test = `${testFolder(folder)}/${from.fileName}.test.ts`;
  const tests = [...sources.texts.keys()].filter(
    (path) => path === test || path.endsWith(`/${service.directory}/${posix.basename(test)}`),
  );
  for (const path of tests) {
    edits.move(path, `${posix.dirname(path)}/${to.fileName}.test.ts`);
  }
  edits.apply(sources);
  renameTexts(
    sources,
    new Map([
      [`${service.typeName}/${from.name}`, `${service.typeName}/${to.name}`],
      [`${service.typeName}.${from.name}`, `${service.typeName}.${to.name}`],
    ]),
  );
  renameInDocuments(sources, service, renamed);
}

function messages({ from, to, has }: RenamedMethod): RenamedNames {
  const gone = [[from.input, to.input] as const, [from.output, to.output] as const].filter(
    ([was, is]) => was.typeName !== is.typeName && !has(was.typeName),
  );
  return new Map(gone.flatMap(([was, is]) => [...messageNames(was, is)]));
}

/** The function that creates the handler, and its file if that has the name of the RPC. */
function renameHandler(edits: CodeEdits, file: CodeFile, { service, from, to }: RenamedMethod) {
  const name = handlerFunction(service, from);
  const { tokens, path } = file;
  const declares = tokens.some(
    ({ text }, index) =>
      text === name && ["function", "const"].includes(tokens[index - 1]?.text ?? ""),
  );
  if (declares) edits.renameExport(path, name, handlerFunction(service, to));
  if (posix.basename(path) === `${from.fileName}.ts`) {
    edits.move(path, `${posix.dirname(path)}/${to.fileName}.ts`);
  }
}

/** The key in the object of handlers. */
function renameProperty(edits: CodeEdits, { object }: ServedService, { from, to }: RenamedMethod) {
  const property = object?.properties.find(({ name }) => name === from.localName);
  if (object === undefined || property === undefined) return;
  const { key, shorthand } = property;
  if (shorthand) {
    edits.renameShorthand(object.file.path, key, to.localName);
    return;
  }
  const quote = key.kind === "string" ? key.text.slice(0, 1) : "";
  edits.edit(object.file.path, { ...span(key), text: quote + to.localName + quote });
}

/** Calls by clients that a file makes: `client.getUser(...)`. */
function renameCalls(edits: CodeEdits, code: Code, { service, from, to }: RenamedMethod): void {
  for (const { file, local } of code.uses(clientModule(service), service.clientClass)) {
    const { tokens } = file;
    const variables = new Set(
      references(tokens, local).flatMap((index) => variableOf(file, index) ?? []),
    );
    tokens.forEach((token, index) => {
      const isCall =
        token.text === from.localName &&
        tokens[index - 1]?.text === "." &&
        variables.has(tokens[index - 2]?.text ?? "");
      if (isCall) edits.edit(file.path, { ...span(token), text: to.localName });
    });
  }
}

/** `const users = app.client(UserServiceClient)`, `users = new UserServiceClient(...)`, `users: UserServiceClient` */
function variableOf({ tokens }: CodeFile, index: number): string | undefined {
  if (tokens[index - 1]?.text === ":") return tokens[index - 2]?.text;
  for (let at = index - 1; at > Math.max(0, index - 8); at--) {
    if (tokens[at]?.text === "=") return tokens[at - 1]?.text;
    if (tokens[at]?.text === ";") return undefined;
  }
  return undefined;
}

/** Rows of tables and lines of diagrams. */
function renameInDocuments(
  sources: Sources,
  service: ServiceModel,
  { from, to }: RenamedMethod,
): void {
  const row = [printServiceRow(service, from), printServiceRow(service, to)] as const;
  const [was, is] = [from, to].map((method) => `${printDiagramLines(method).join("\n")}\n`);
  for (const [path, text] of sources.texts) {
    if (!path.endsWith(".md")) continue;
    const start = text.indexOf(`participant Server as ${service.typeName}\n`);
    const end = text.indexOf("```", start);
    const diagram = text.slice(start, end);
    const withDiagram =
      start < 0 || was === undefined || is === undefined
        ? text
        : text.slice(0, start) + diagram.replace(was, () => is) + text.slice(end);
    const changed = withDiagram.replaceAll(row[0], () => row[1]);
    if (changed !== text) sources.set(path, changed);
  }
}
