import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  type DescriptorProto,
  DescriptorProtoSchema,
  FileDescriptorProtoSchema,
  SourceCodeInfo_LocationSchema,
} from "@bufbuild/protobuf/wkt";
import type { Random } from "./random.ts";

/** A call that must never show up in generated code. */
export const marker = "INJECTED";

// biome-ignore format: a list
const hostileStrings = [
  "", ".", "..", "../x.proto", "/etc/x.proto", "C:\\x.proto", "a\\b.proto", ".git/x.proto", "A.proto",
  `a\n${marker}();//.proto`, `a"; ${marker}(); ".proto`, `a'${marker}().proto`, `a*/${marker}();/*.proto`,
  `*/ ${marker}(); /*`, `**/${marker}()`, `*\\/${marker}()`, `\n${marker}();\n`, `\u2028${marker}()`,
  `\r${marker}()`, `\`\${${marker}()}\``, `"; ${marker}(); "`, `{{${marker}}}`, "\u0000", "\u202e", "\ud800",
  "@ts-nocheck", "# sourceMappingURL=x", "constructor", "__proto__", "prototype", "toString", "then", "new",
  "default", "Promise", "AsyncIterable", "Object", "any", "a.b", "1a", ".user.Missing", ".google.protobuf.Empty",
  "\u001b[31m", "이름", "😀", "x".repeat(5000), "proto2", "proto3", "proto9", "editions",
  "target=js+dts", `runtime=a";${marker}()`, "import_extension=none", "nope=1",
];

// biome-ignore format: a list
const validParameters = [
  "", "target=ts", "target=js+dts", "target=dts", "target=js", "runtime=../x,target=ts", "import_extension=ts",
];

/** A value that a list or a message holds, and how to put another in its place. */
interface Slot {
  readonly value: unknown;
  set(value: unknown): void;
}

/** Everything in a message, however deep. The generated types know no such walk, so it is untyped. */
interface Places {
  readonly strings: Slot[];
  readonly numbers: Slot[];
  readonly lists: unknown[][];
}

function placesIn(root: object): Places {
  const places: Places = { strings: [], numbers: [], lists: [] };
  const queue: object[] = [root];
  for (const owner of queue) {
    if (Array.isArray(owner)) {
      places.lists.push(owner);
    }
    for (const [key, value] of Object.entries(owner)) {
      const slot = { value, set: (other: unknown) => Reflect.set(owner, key, other) };
      // Spans are many, and nobody reads them.
      if (key.startsWith("$") || key === "span") {
        continue;
      }
      if (typeof value === "string") {
        places.strings.push(slot);
      } else if (typeof value === "number") {
        places.numbers.push(slot);
      } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
        queue.push(value);
      }
    }
  }
  return places;
}

type Mutation = (request: CodeGeneratorRequest, places: Places, random: Random) => void;

const mutations: readonly Mutation[] = [
  function replaceString(_, { strings }, random) {
    random.pick(strings)?.set(random.pick(hostileStrings));
  },
  function renameFile({ protoFile }, places, random) {
    replaceAll(places, random.pick(protoFile)?.name, random);
  },
  function renameServiceOrMethod({ protoFile }, places, random) {
    const service = random.pick(protoFile.flatMap((file) => file.service));
    replaceAll(places, random.pick([service, ...(service?.method ?? [])])?.name, random);
  },
  function renameMessage({ protoFile }, _, random) {
    const message = random.pick(protoFile.flatMap((file) => file.messageType));
    const name = random.pick(hostileStrings) ?? "";
    for (const method of protoFile.flatMap((file) => file.service.flatMap((each) => each.method))) {
      method.inputType = method.inputType.replace(/[^.]*$/, (old) => {
        return old === message?.name ? name : old;
      });
    }
    Object.assign(message ?? {}, { name });
  },
  function comment({ protoFile }, _, random) {
    const file = random.pick(protoFile.filter(({ service }) => service.length > 0));
    const path = random.pick([[12], [2], [6, 0], [6, 0, 2, 0]]) ?? [];
    const text = () => random.pick(hostileStrings) ?? "";
    // Some readers take the first of two locations, some the last.
    const location = create(SourceCodeInfo_LocationSchema, {
      path,
      leadingComments: text(),
      trailingComments: text(),
      leadingDetachedComments: [text()],
    });
    file?.sourceCodeInfo?.location.unshift(location);
    file?.sourceCodeInfo?.location.push(location);
  },
  function swapStrings(_, { strings }, random) {
    random.pick(strings)?.set(random.pick(strings)?.value ?? "");
  },
  function replaceNumber(_, { numbers }, random) {
    const values = [0, 1, -1, 2, 6, 11, 12, 999, 1000, 1001, 9999, 2 ** 31 - 1, -(2 ** 31)];
    random.pick(numbers)?.set(random.pick(values));
  },
  function repeatItem(_, { lists }, random) {
    const list = random.pick(lists.filter(({ length }) => length > 0)) ?? [];
    list.splice(random.below(list.length), 0, random.pick(list));
  },
  function removeItem(_, { lists }, random) {
    const list = random.pick(lists) ?? [];
    list.splice(random.below(list.length), 1);
  },
  function swapItems(_, { lists }, random) {
    const list = random.pick(lists.filter(({ length }) => length > 1)) ?? [];
    list.push(...list.splice(random.below(list.length), 1));
  },
  function importAnyFile({ protoFile }, _, random) {
    random.pick(protoFile)?.dependency.push(random.pick(protoFile)?.name ?? "");
  },
  function nestMessages({ protoFile }, _, random) {
    random
      .pick(protoFile)
      ?.messageType.push(nested(random.below(40) === 0 ? 10_000 : random.below(110)));
  },
  function doubleFile({ protoFile, sourceFileDescriptors }, _, random) {
    const file = random.pick(protoFile);
    if (file !== undefined) {
      const copy = Object.assign(create(FileDescriptorProtoSchema), file);
      copy.name = random.pick([file.name, file.name.toUpperCase(), "other.proto"]) ?? "";
      (random.below(2) === 0 ? protoFile : sourceFileDescriptors).push(copy);
    }
  },
  function changeParameter(request, _, random) {
    const parameters = random.below(8) === 0 ? hostileStrings : validParameters;
    request.parameter = random.pick(parameters) ?? "";
  },
];

/** Renames something wherever it is named. */
function replaceAll({ strings }: Places, old: string | undefined, random: Random): void {
  const name = random.pick(hostileStrings);
  for (const slot of strings.filter(({ value }) => value === old)) {
    slot.set(name);
  }
}

function nested(depth: number): DescriptorProto {
  let message = create(DescriptorProtoSchema, { name: "Nested" });
  for (let i = 1; i < depth; i++) {
    message = create(DescriptorProtoSchema, { name: "Nested", nestedType: [message] });
  }
  return message;
}

/** A request with one to four things changed that a compiler would not do, or not like that. */
export function mutateRequest(bytes: Uint8Array, random: Random): CodeGeneratorRequest {
  const request = fromBinary(CodeGeneratorRequestSchema, bytes);
  const places = placesIn(request);
  for (let count = random.below(4); count >= 0; count--) {
    random.pick(mutations)?.(request, places, random);
  }
  return request;
}

/** A copy with some bytes changed, put in, taken out, or cut off at the end. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated = bytes.slice();
  for (let count = random.below(8); count >= 0; count--) {
    const at = random.below(mutated.length);
    const [head, tail] = [mutated.subarray(0, at), mutated.subarray(at)];
    switch (random.below(5)) {
      case 0:
        mutated = Buffer.concat([head, Uint8Array.of(random.below(256)), tail]);
        break;
      case 1:
        mutated = Buffer.concat([head, tail.subarray(random.below(10))]);
        break;
      case 2:
        mutated = random.below(10) === 0 ? head.slice() : mutated;
        break;
      default:
        mutated.fill(random.below(256), at, at + 1);
    }
  }
  return mutated;
}
