import { create, createRegistry, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  type Any,
  AnySchema,
  anyPack,
  DurationSchema,
  FieldMaskSchema,
  ListValueSchema,
  NullValueSchema,
  StructSchema,
  TimestampSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { messageJson } from "../../../runtime/src/connect/message-json.ts";
import { Color, file_things, ThingSchema } from "./gen/things_pb.ts";

const wellKnown = [DurationSchema, FieldMaskSchema, ListValueSchema, StructSchema, ValueSchema];
const registry = createRegistry(file_things, ...wellKnown, TimestampSchema, NullValueSchema);

function jsonOf(thing: MessageInitShape<typeof ThingSchema>, emitDefaults = false) {
  const message = create(ThingSchema, thing);
  return messageJson(ThingSchema, message, { registry, alwaysEmitImplicit: emitDefaults });
}

const unknown = (typeUrl: string) => create(AnySchema, { typeUrl, value: Buffer.of(0, 1, 255) });
const late = create(TimestampSchema, { seconds: 10n ** 17n });
const lateJson = { seconds: "100000000000000000" };

describe("what JSON of protobuf has no form for", () => {
  test("a time beyond the year 9999, at any depth, with everything beside it", () => {
    const fields = { id: 7n, color: Color.RED, data: Buffer.of(1), counts: { a: 1n }, name: "n" };
    const part = create(ThingSchema, { at: late });
    const choice = { case: "number", value: Number.NaN } as const;
    expect(jsonOf({ ...fields, at: late, parts: [part], choice })).toEqual({
      ...{ id: "7", color: "COLOR_RED", data: "AQ==", counts: { a: "1" }, name: "n" },
      ...{ at: lateJson, parts: [{ at: lateJson }], number: "NaN" },
    });
    expect(jsonOf({ at: late }, true)).toMatchObject({
      ...{ id: "0", name: "", data: "", color: "COLOR_UNSPECIFIED", parts: [], counts: {} },
      at: { ...lateJson, nanos: 0 },
    });
  });

  test.each<[what: string, extra: Any, json: unknown]>([
    [
      "a duration with two signs",
      anyPack(DurationSchema, create(DurationSchema, { seconds: -5n, nanos: 7 })),
      { seconds: "-5", nanos: 7 },
    ],
    [
      "a path that camel case loses",
      anyPack(FieldMaskSchema, create(FieldMaskSchema, { paths: ["a__B.c_", "d"] })),
      { value: "a__B.c_,d" },
    ],
    ["a value without a value", anyPack(ValueSchema, create(ValueSchema)), { value: null }],
    [
      "values that are no number, in a struct and a list",
      anyPack(
        StructSchema,
        create(StructSchema, {
          fields: {
            none: { kind: { case: "nullValue", value: 0 } },
            list: {
              kind: {
                case: "listValue",
                value: { values: [{ kind: { case: "numberValue", value: Number.NaN } }, {}] },
              },
            },
          },
        }),
      ),
      { none: null, list: ["NaN", null] },
    ],
  ])("%s", (_what, extra, json) => {
    expect(jsonOf({ extra })).toEqual({ extra: { "@type": extra.typeUrl, ...Object(json) } });
  });

  test.each(["t/no.Such", "t/.", "t/\u202e", "nothing", "t/call", "t/call.test.Thing.Deep"])(
    "content of a type that is not known: %j, also in content of a known one",
    (typeUrl) => {
      const json = { "@type": typeUrl, "@value": "AAH/" };
      expect(jsonOf({ extra: unknown(typeUrl) })).toEqual({ extra: json });
      const outer = anyPack(ThingSchema, create(ThingSchema, { extra: unknown(typeUrl) }));
      expect(jsonOf({ extra: outer })).toEqual({ extra: { "@type": outer.typeUrl, extra: json } });
    },
  );

  test("content that is not of its type", () => {
    const typeUrl = "t/call.test.Thing";
    expect(jsonOf({ extra: unknown(typeUrl) })).toEqual({
      extra: { "@type": typeUrl, "@value": "AAH/" },
    });
  });

  test("content in content, without end", () => {
    let thing = create(ThingSchema, { at: late });
    for (let depth = 0; depth < 5_000; depth++) {
      const value = toBinary(ThingSchema, thing);
      thing = create(ThingSchema, { extra: { typeUrl: "t/call.test.Thing", value } });
    }
    expect(JSON.stringify(jsonOf(thing))).toMatch(/"@value":"[\w+/=]+"\}+$/);
  });
});
