import {
  type DescField,
  type DescMessage,
  type DescOneof,
  getOption,
  type Message,
  type Registry,
} from "@bufbuild/protobuf";
import { type Path, pathToString, reflect } from "@bufbuild/protobuf/reflect";
import { createValidator, type Validator, type Violation } from "@bufbuild/protovalidate";
import {
  type FieldRules,
  FieldRulesSchema,
  field as fieldOption,
  Ignore,
  message as messageOption,
  oneof as oneofOption,
  predefined,
  type Rule,
} from "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js";
import type { Limits } from "../limits.ts";
import type { BrokenRule, FieldGroup, Rules } from "../rules.ts";
import { ValueError } from "../value-error.ts";
import { fieldsIn, hintsIn } from "./hints.ts";
import { readLimits } from "./read-limits.ts";

/** The protovalidate rules of a schema. */
export class ProtovalidateRules implements Rules {
  readonly #registry: Registry;
  readonly #validator: Validator;
  readonly #limits = new Map<DescField, Limits | undefined>();

  /** @param registry has the extensions of predefined rules, if there are any */
  constructor(registry: Registry) {
    this.#registry = registry;
    this.#validator = createValidator({ registry });
  }

  limitsOf(field: DescField): Limits | undefined {
    if (!this.#limits.has(field)) this.#limits.set(field, this.#read(field));
    return this.#limits.get(field);
  }

  isRequired(oneof: DescOneof): boolean {
    return getOption(oneof, oneofOption).required;
  }

  groupsOf(message: DescMessage): readonly FieldGroup[] {
    return getOption(message, messageOption).oneof;
  }

  check(desc: DescMessage, message: Message): readonly BrokenRule[] {
    const { kind, error, violations } = this.#validator.validate(desc, message);
    if (kind === "valid") return [];
    if (kind === "invalid") return violations.map((violation) => broken(violation, desc));
    if (error.name === "RuntimeError") {
      return [{ text: error.message, fields: desc.fields.map(({ name }) => name) }];
    }
    throw new ValueError(`the rules of ${desc.typeName} cannot be used: ${error.message}`);
  }

  #read(field: DescField): Limits | undefined {
    const rules = getOption(field, fieldOption);
    if (rules.ignore === Ignore.ALWAYS) return undefined;
    const ofMessage = expressionsOf(field.parent).filter((text) =>
      fieldsIn(text).includes(field.name),
    );
    const limits = this.#limitsIn(rules, ofMessage);
    return Object.keys(limits).length === 0 ? undefined : limits;
  }

  #limitsIn(rules: FieldRules, expressions: readonly string[] = []): Limits {
    const reflected = reflect(FieldRulesSchema, rules);
    const [typeOneof] = FieldRulesSchema.oneofs;
    const type = typeOneof === undefined ? undefined : reflected.oneofCase(typeOneof);
    const ofType = type?.fieldKind === "message" ? reflected.get(type) : undefined;
    const own = [
      ...expressionsIn(rules),
      ...expressions,
      ...(ofType === undefined ? [] : this.#predefined(ofType.desc, ofType.getUnknown())),
    ];
    return {
      ...(ofType && readLimits(ofType, (nested) => this.#limitsIn(nested))),
      ...(rules.required && { required: true }),
      ...(own.length > 0 && { hints: hintsIn(own) }),
    };
  }

  /** Expressions of predefined rules, which extend the rule messages. */
  #predefined(rules: DescMessage, unknown: readonly { readonly no: number }[] = []): string[] {
    return unknown.flatMap(({ no }) => {
      const extension = this.#registry.getExtensionFor(rules, no);
      if (extension === undefined) return [];
      return getOption(extension, predefined).cel.map(({ expression }) => expression);
    });
  }
}

function expressionsOf(message: DescMessage): string[] {
  return expressionsIn(getOption(message, messageOption));
}

function expressionsIn(rules: {
  readonly cel: readonly Rule[];
  readonly celExpression: readonly string[];
}): string[] {
  return [...rules.cel.map(({ expression }) => expression), ...rules.celExpression];
}

function broken({ field, message }: Violation, root: DescMessage): BrokenRule {
  const path = pathToString(field);
  const text = path === "" ? message : `${path}: ${message}`;
  const owner = messageAt(field, root);
  const ofExpression = owner === undefined ? [] : expressionsOf(owner).flatMap(fieldsIn);
  const prefix = path === "" ? "" : `${path}.`;
  const fields = [...prefixes(field), ...ofExpression.map((name) => prefix + name)];
  // An expression about the whole message: any field might help.
  return { text, fields: fields.length > 0 ? fields : root.fields.map(({ name }) => name) };
}

/** The message at a path, if what is there is one. */
function messageAt(path: Path, root: DescMessage): DescMessage | undefined {
  if (path.length === 0) return root;
  const last = path.findLast((part) => part.kind === "field");
  return last?.kind === "field" ? last.message : undefined;
}

/** The path, and that of the map it leads into: the keys of a map are made together. */
function prefixes(path: Path): string[] {
  const map = path.findIndex(({ kind }) => kind === "map_sub");
  const paths = map < 0 ? [path] : [path.slice(0, map)];
  return paths.map(pathToString).filter((text) => text !== "");
}
