import type { Connection } from "../../../reflection/connect.ts";
import { ReflectedSchema } from "../../../reflection/reflected-schema.ts";
import {
  type ReflectionSettings,
  ReflectionStream,
} from "../../../reflection/reflection-stream.ts";
import type { Schema } from "../../../reflection/schema.ts";
import { UsageError } from "../../../terminal/errors.ts";
import type { SchemaSources } from "./open-schema.ts";

/**
 * Runs `use` on the local schema. Without one, or if it lacks what `use` looks for, runs it on the schema of
 * the server.
 *
 * @throws UsageError of the local schema when neither has it
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
    throw problem ?? error;
  } finally {
    await stream.close();
  }
}
