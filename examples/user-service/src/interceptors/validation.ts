import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import type { Validator, Violation } from "@bufbuild/protovalidate";
import { BadRequestSchema, errorDetail } from "../gen/runtime/error-details.ts";
import { GrpcError, type MethodInfo, type ServerCall } from "../gen/runtime/index.ts";
import { type ScopedLayer, when } from "./select.ts";

const rulesFile = "buf/validate/validate";
/** More would not fit into the trailers of the reply. */
const maxViolations = 20;

/**
 * Checks every request message, those of streams too, by the protovalidate rules in the proto:
 * INVALID_ARGUMENT, with a `google.rpc.BadRequest` that names each bad field. Methods whose requests
 * have no rules are left alone; when none has any, protovalidate is not even loaded.
 *
 * @throws Error at start when a rule makes no sense.
 * @example
 * ```ts
 * const layer = await validation({ methods });
 * ```
 */
export async function validation(options: {
  /** All methods of the server. */
  methods: readonly MethodInfo[];
}): Promise<ScopedLayer<ServerCall> | undefined> {
  const inputs = new Set(options.methods.map(({ descriptor }) => descriptor.input));
  const ruled = [...inputs].filter((input) => hasRules(input));
  if (ruled.length === 0) return undefined;
  const validator = await loadValidator(ruled);
  return when(
    { where: ({ descriptor }) => ruled.includes(descriptor.input) },
    async function validate(call, next) {
      const { input } = call.method.descriptor;
      call.onRequest((message) => check(validator, input, message));
      await next();
    },
  );
}

/** Whether a message, or one inside it, comes from a file that imports the rules. */
function hasRules(message: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return (
    message.file.dependencies.some(({ name }) => name === rulesFile) ||
    message.fields.some((field) => field.message !== undefined && hasRules(field.message, seen))
  );
}

async function loadValidator(inputs: readonly DescMessage[]): Promise<Validator> {
  const { createValidator } = await import("@bufbuild/protovalidate");
  const validator = createValidator();
  for (const input of inputs) {
    // Rules are compiled when they are first used; whether an empty message is valid is no matter.
    const { error, kind } = validator.validate(input, create(input));
    if (kind === "error") {
      throw new Error(`the rules of ${input.typeName} cannot be used: ${error.message}`);
    }
  }
  return validator;
}

function check(validator: Validator, input: DescMessage, message: Message): void {
  const { kind, error, violations } = validator.validate(input, message);
  if (kind === "valid") return;
  if (kind === "error") throw error;
  throw refusal(violations.slice(0, maxViolations));
}

function refusal(violations: readonly Violation[]): GrpcError {
  const fieldViolations = violations.map(({ field, message }) => ({
    field: pathToString(field),
    description: message,
  }));
  const text = fieldViolations.map(({ field, description }) =>
    field === "" ? description : `${field}: ${description}`,
  );
  return new GrpcError("INVALID_ARGUMENT", text.join("; "), {
    details: [errorDetail(BadRequestSchema, { fieldViolations })],
  });
}
