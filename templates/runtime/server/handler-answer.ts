import type { Message } from "@bufbuild/protobuf";
import type { CallState } from "../call-state.ts";
import type { MethodPlan } from "./method-plan.ts";

/**
 * Completes, hooks and encodes one response; a promise only when a hook is asynchronous.
 *
 * @param init what a handler answered or yielded
 * @throws TypeError when it is nothing like a message.
 */
export function encodeResponse(
  plan: MethodPlan,
  call: CallState,
  init: unknown,
): unknown | Promise<unknown> {
  if (typeof init !== "object" || init === null) throw wrongAnswer(plan, init);
  // The types of handlers have checked that it is an initializer of the response.
  const message = plan.method.response.create(init as Message);
  const hooked = call.runResponseHooks(message);
  return hooked instanceof Promise ? hooked.then((last) => plan.encode(last)) : plan.encode(hooked);
}

/**
 * The responses of a streaming handler.
 *
 * @throws TypeError when it cannot be iterated over.
 */
export function iterableOf(
  plan: MethodPlan,
  answer: unknown,
): Iterable<unknown> | AsyncIterable<unknown> {
  if (!isIterable(answer)) throw wrongAnswer(plan, answer);
  return answer;
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    (Symbol.asyncIterator in value || Symbol.iterator in value)
  );
}

function wrongAnswer(plan: MethodPlan, answer: unknown): TypeError {
  const what = answer === null ? "null" : `a value of type ${typeof answer}`;
  return new TypeError(`handler of ${plan.method.path} answered ${what}`);
}
