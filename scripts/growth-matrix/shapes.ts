import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** A way in which users lay out their code. */
export interface Shape {
  readonly name: string;
  /** Turns a scaffolded project into it. */
  readonly apply: (project: string) => Promise<void>;
}

/** The word in every line that a user wrote. */
export const mark = "mine";

const getUser = `  return async ({ id }, context) => {
    void context; // ${mark}: a real one would pass the signal on
    const email = [id, "example.com"].join("@"); // ${mark}: made up
    return { id, email }; // ${mark}: the user
  };`;
const createUser = `  return async ({ email }) => {
    const id = email.replace(/@.*/, ""); // ${mark}: "unique", isn't it?
    return { id, email }; // ${mark}: created
  };`;
const record = `  return async ({ text }) => {
    console.log("audit", text); // ${mark}: the log
    return {}; // ${mark}: nothing
  };`;

export const shapes: readonly Shape[] = [
  { name: "as scaffolded", apply: implement },
  { name: "merged, barrels, no tests", apply: merge },
  { name: "renamed folders, aliases", apply: renameFolders },
  { name: "reformatted", apply: reformat },
  { name: "casts, own registration", apply: cast },
];

/** Names a message in each way in which code can import it. */
const messages = `import { type User, UserSchema } from "./gen/user/v1/user_pb.ts";

export type Shown = User | import("./gen/user/v1/user_pb.ts").User; // ${mark}: the type
export const schema = UserSchema; // ${mark}: the schema
export async function fields() {
  const { UserSchema } = await import("./gen/user/v1/user_pb.ts");
  return UserSchema.fields; // ${mark}: loaded late
}
`;

/** Writes three handlers and a file that names a message, and leaves the other handlers as stubs. */
async function implement(project: string): Promise<void> {
  await write(project, "src/shown.ts", messages);
  const handlers = {
    "user/get-user": getUser,
    "user/create-user": createUser,
    "audit/record": record,
  };
  for (const [path, body] of Object.entries(handlers)) {
    await edit(join(project, "src/services", `${path}.ts`), (text) =>
      text
        .replace(/^import \{ unimplemented \}.*\n/m, "")
        .replace(/ {2}return async[\s\S]*;\n(?=\}\n)/, `${body}\n`),
    );
    await edit(join(project, "test/services", `${path}.test.ts`), (text) =>
      text
        .replace(/^ {2}(?:const|\/\/).*\n/gm, "")
        .replace(/^ {2}await expect.*\n/m, "")
        .replace("is not implemented yet", "works")
        .replace(/async \(\) => \{\n/, callOf(path)),
    );
  }
}

function callOf(path: string): string {
  const request = path.endsWith("record") ? '{ text: "x" }' : "{}";
  const name = path.replace(/^.*\//, "").replace(/-(.)/g, (_, char: string) => char.toUpperCase());
  return `async () => {
  const answer = await client.${name}(${request}); // ${mark}
  expect(answer).toBeDefined(); // ${mark}
`;
}

/** All handlers of all services in one file, generated code through a barrel, no test of an RPC. */
async function merge(project: string): Promise<void> {
  await rm(join(project, "src/services"), { recursive: true });
  await rm(join(project, "test/services"), { recursive: true });
  await write(project, "src/grpc.ts", `export * from "./gen/user/v1/user_grpc.ts"; // ${mark}\n`);
  await write(
    project,
    "src/handlers.ts",
    `import type { Dependencies } from "./dependencies.ts";
import type { User } from "./gen/user/v1/user_pb.ts";
import { type AuditServiceHandlers, type UserServiceHandlers } from "./grpc.ts";

// ${mark}: all handlers
export const users = ({ logger }: Dependencies): UserServiceHandlers => {
  const show = ({ email }: Pick<User, "email">) => logger.info(email); // ${mark}
  return {
    async getUser({ id }) {
      return { id, email: "a@example.com" }; // ${mark}: get
    },
    async *listUsers({ limit }) {
      for (let id = 0; id < limit; id++) yield { id: String(id) }; // ${mark}: list
    },
    createUser: async ({ email }) => {
      show({ email }); // ${mark}: create
      return { id: email, email };
    },
    async *chat(notes) {
      for await (const { text } of notes) yield { text }; // ${mark}: chat
    },
  };
};

export class Audit implements AuditServiceHandlers {
  // ${mark}: audit
  record = async () => ({}); // ${mark}: record
  async *replay() {
    yield { text: "replayed" }; // ${mark}: replay
  }
}
`,
  );
  await write(
    project,
    "src/services/index.ts",
    `import { implement, type ServiceRegistration } from "grpc-service";
import type { Dependencies } from "../dependencies.ts";
import * as generated from "../grpc.ts";
import { Audit, users } from "../handlers.ts";

export function services(dependencies: Dependencies): ServiceRegistration[] {
  const audit = new Audit(); // ${mark}
  return [
    implement(generated.auditServiceDefinition, audit), // ${mark}
    implement(generated.userServiceDefinition, users(dependencies)), // ${mark}
  ];
}
`,
  );
}

/** Nothing that the tool can edit, and handlers that the compiler does not check. */
async function cast(project: string): Promise<void> {
  await implement(project);
  await edit(join(project, "src/services/index.ts"), (text) =>
    text
      .replace("  return [", `  const all: ServiceRegistration[] = []; // ${mark}\n  all.push(`)
      .replace("  ];", `  );\n  return all; // ${mark}`),
  );
  await edit(join(project, "src/services/user/index.ts"), (text) =>
    text
      .replace("  return {", `  const handlers = {} as UserServiceHandlers; // ${mark}`)
      .replace(/^ {4}(\w+): (.*),$/gm, `  handlers.$1 = $2; // ${mark}`)
      .replace("  };", `  return handlers; // ${mark}`),
  );
  await edit(join(project, "src/services/audit/index.ts"), (text) =>
    text
      .replace(": AuditServiceHandlers {", " {")
      .replace(/^import .*AuditServiceHandlers.*\n/m, ""),
  );
}

/** Other folders, and handlers that are imported under other names. */
async function renameFolders(project: string): Promise<void> {
  await implement(project);
  for (const [from, to] of [
    ["src/services/user", "src/rpc/people"],
    ["src/services/audit", "src/rpc/trail"],
    ["test/services/user", "test/rpc/people"],
    ["test/services/audit", "test/rpc/trail"],
  ] as const) {
    await mkdir(join(project, to), { recursive: true });
    await cp(join(project, from), join(project, to), { recursive: true });
    await rm(join(project, from), { recursive: true });
  }
  await edit(join(project, "src/services/index.ts"), (text) =>
    text
      .replace("./user/index.ts", "../rpc/people/index.ts")
      .replace("./audit/index.ts", "../rpc/trail/index.ts"),
  );
  await edit(join(project, "src/rpc/people/index.ts"), (text) =>
    text
      .replace("{ getUser }", "{ getUser as byId }")
      .replace("getUser(dependencies)", `byId(dependencies), // ${mark}`)
      .replace("// mine,", "// mine"),
  );
}

/** Single quotes and short lines, by the project's own formatter. */
async function reformat(project: string): Promise<void> {
  await implement(project);
  await edit(join(project, "biome.json"), (text) => {
    const config = JSON.parse(text);
    config.formatter = { indentStyle: "space", indentWidth: 4, lineWidth: 60 };
    config.javascript = {
      formatter: { quoteStyle: "single", semicolons: "asNeeded", trailingCommas: "none" },
    };
    return JSON.stringify(config, undefined, 2);
  });
  await execa("biome", ["check", "--write", "src", "test"], {
    cwd: project,
    preferLocal: true,
    localDir: project,
  });
}

async function write(project: string, path: string, text: string): Promise<void> {
  const file = join(project, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(file, "utf8");
  const changed = change(text);
  if (changed === text) throw new Error(`nothing was changed in ${file}`);
  await writeFile(file, changed);
}

/** Every file of a project that is not generated: path -> text. */
export async function userFiles(project: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const folder of ["src", "test", "docs"]) {
    const entries = await readdir(join(project, folder), { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name).slice(project.length + 1);
      if (!path.startsWith("src/gen/"))
        files.set(path, await readFile(join(project, path), "utf8"));
    }
  }
  return files;
}
