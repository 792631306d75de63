import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { Struct, Value } from "@bufbuild/protobuf/wkt";
import { leave } from "./slow-path.ts";

// In fields, protobuf-es has JSON in place of google.protobuf.Struct.

/** The message that stands for JSON. */
export function structOf(json: JsonObject): Struct {
  const fields: Struct["fields"] = {};
  for (const key of Object.keys(json)) fields[own(key)] = toValue(json[key]);
  return { $typeName: "google.protobuf.Struct", fields };
}

/** The JSON that a message stands for. */
export function jsonOf({ fields }: Struct): JsonObject {
  const json: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) json[own(key)] = toJson(value);
  return json;
}

/** What cannot be in JSON is a value of no kind. */
function toValue(json: JsonValue | undefined): Value {
  return { $typeName: "google.protobuf.Value", kind: kindOf(json) };
}

function kindOf(json: JsonValue | undefined): Value["kind"] {
  switch (typeof json) {
    case "number":
      return { case: "numberValue", value: json };
    case "string":
      return { case: "stringValue", value: json };
    case "boolean":
      return { case: "boolValue", value: json };
    case "object":
      if (json === null) return { case: "nullValue", value: 0 };
      if (!Array.isArray(json)) return { case: "structValue", value: structOf(json) };
      return {
        case: "listValue",
        value: { $typeName: "google.protobuf.ListValue", values: json.map(toValue) },
      };
    default:
      return { case: undefined };
  }
}

function toJson({ kind }: Value): JsonValue {
  switch (kind.case) {
    case undefined:
    case "nullValue":
      return null;
    case "structValue":
      return jsonOf(kind.value);
    case "listValue":
      return kind.value.values.map(toJson);
    default:
      return kind.value;
  }
}

/** It would set the prototype. */
function own(key: string): string {
  return key === "__proto__" ? leave() : key;
}
