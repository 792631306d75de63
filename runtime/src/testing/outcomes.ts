import { GrpcError } from "../error.ts";
import { BadRequestSchema } from "../error-details.ts";

/** What a call streams, and what a handler called alone streams, which may be any iterable. */
type Stream<T> = AsyncIterable<T> | Iterable<T>;

/** All messages of a stream. @throws GrpcError that the stream ends with */
export async function collect<T>(stream: Stream<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

/** The error that a call ends with. @throws Error if it does not fail */
export async function failureOf(call: Promise<unknown> | Stream<unknown>): Promise<GrpcError> {
  try {
    await ("then" in call ? call : collect(call));
  } catch (error) {
    return GrpcError.from(error);
  }
  throw new Error("the call should have failed");
}

/** The fields that the `google.rpc.BadRequest` details of an error name. */
export function invalidFields(failure: GrpcError): string[] {
  const details = failure.findDetails(BadRequestSchema);
  return details.flatMap(({ fieldViolations }) => fieldViolations.map(({ field }) => field));
}
