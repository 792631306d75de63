import { GrpcError } from "../../../runtime/src/error.ts";
import { statusNumber } from "../../../runtime/src/status-code.ts";
import { openConnection } from "../../reflection/connect.ts";
import type { Schema } from "../../reflection/schema.ts";
import type { Host } from "../../terminal/host.ts";
import type { ServerFlags } from "./flags.ts";
import { statusText } from "./response/status-text.ts";
import type { SchemaSources } from "./schema/open-schema.ts";
import { withReflection } from "./schema/with-reflection.ts";
import { forReflection, readMetadata } from "./server/metadata.ts";
import type { ServerSettings } from "./server/settings.ts";

/** Runs `use` on local descriptors, if there are any, and else on those of the server. @returns 0, or the number of the status of a failed call */
export async function useReflection(
  flags: ServerFlags,
  server: ServerSettings,
  host: Host,
  sources: SchemaSources,
  use: (schema: Schema) => Promise<void>,
): Promise<number> {
  const metadata = forReflection(await readMetadata(flags, server, host), flags, host);
  const connection = openConnection(server, server.maxMessageBytes);
  try {
    await withReflection(sources, connection, { ...server, metadata, signal: host.signal }, use);
    return 0;
  } catch (error) {
    if (!(error instanceof GrpcError)) throw error;
    host.note(statusText(error, undefined));
    return statusNumber(error.code);
  } finally {
    connection.close();
  }
}
