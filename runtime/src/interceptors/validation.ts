import { create, type DescMessage, type Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import type { Validator, Violation } from "@bufbuild/protovalidate";
import type { MessageHook, ServerCall } from "../call.ts";
import { GrpcError } from "../error.ts";
import { BadRequestSchema, errorDetail } from "../error-details.ts";
import type { ServerInterceptor } from "../interceptor.ts";
import { layer } from "../layer.ts";
import { contextFree } from "../message-hooks.ts";
import type { ScopedInterceptor } from "./scope.ts";

const rulesFile = "buf/validate/validate";
/** More would not fit into the trailers. */
const maxViolations = 20;

/**
 * Checks every request message, those of streams too, against the protovalidate rules in the proto.
 * Messages that break a rule end the call with INVALID_ARGUMENT and a `google.rpc.BadRequest` that names
 * each field. Methods without rules are not affected. If no method has rules, `@bufbuild/protovalidate`
 * need not be installed.
 *
 * The server does not start when a rule cannot be compiled, or when there are rules and
 * `@bufbuild/protovalidate` is missing.
 */
export function validation(): ScopedInterceptor<ServerCall> {
  return {
    async setUp({ methods }) {
      const inputs = new Set(methods.map(({ descriptor }) => descriptor.input));
      const ruled = new Set([...inputs].filter((input) => hasRules(input)));
      if (ruled.size === 0) return () => undefined;
      const validator = await loadValidator(ruled);
      return ({ descriptor: { input } }) =>
        ruled.has(input)
          ? checking(contextFree((message) => check(validator, input, message)))
          : undefined;
    },
  };
}

/** The interceptor of one method. */
function checking(hook: MessageHook): ServerInterceptor {
  return layer<ServerCall>(function validation(call) {
    call.onRequest(hook);
    return undefined;
  });
}

/** Whether the file of a message, or of one of its fields' messages, imports the rules. */
function hasRules(message: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(message)) return false;
  seen.add(message);
  return (
    message.file.dependencies.some(({ name }) => name === rulesFile) ||
    message.fields.some((field) => field.message !== undefined && hasRules(field.message, seen))
  );
}

async function loadValidator(inputs: Iterable<DescMessage>): Promise<Validator> {
  const { createValidator } = await importProtovalidate();
  const validator = createValidator();
  for (const input of inputs) {
    // The first use compiles the rules. Whether an empty message is valid does not matter.
    const { error, kind } = validator.validate(input, create(input));
    if (kind === "error") {
      throw new Error(`the rules of ${input.typeName} cannot be used: ${error.message}`);
    }
  }
  return validator;
}

async function importProtovalidate() {
  try {
    return await import("@bufbuild/protovalidate");
  } catch (cause) {
    const text = "the proto has protovalidate rules: npm install @bufbuild/protovalidate";
    throw new Error(text, { cause });
  }
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
