import type { Connection } from "../../../reflection/connect.ts";
import { ReflectedSchema } from "../../../reflection/reflected-schema.ts";
import {
  type ReflectionSettings,
  ReflectionStream,
} from "../../../reflection/reflection-stream.ts";
import type { Schema } from "../../../reflection/schema.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { SchemaSources } from "./open-schema.ts";
import { UnknownNameError } from "./unknown-name.ts";

/**
 * Runs `use` on the local schema. Without one, or if it lacks what `use` looks for, runs it on the schema of
 * the server.
 *
 * @throws UsageError of the server when neither has it: that server was named, and what it has can be called;
 * of the local schema when the server cannot be asked
 */
export async function withReflection<T>(
  { local, reflection }: SchemaSources,
  connection: Connection,
  settings: ReflectionSettings & { readonly maxMessageBytes: number },
  use: (schema: Schema) => Promise<T>,
): Promise<T> {
  let problem: UsageError | undefined;
  if (local !== undefined) {
    try {
      return await use(local);
    } catch (error) {
      if (!(error instanceof UsageError) || !reflection) throw error;
      problem = error;
    }
  }
  const stream = new ReflectionStream(connection, settings);
  try {
    return await use(new ReflectedSchema(connection.address, stream, settings.maxMessageBytes));
  } catch (error) {
    throw error instanceof UnknownNameError ? error : (problem ?? error);
  } finally {
    await stream.close();
  }
}
