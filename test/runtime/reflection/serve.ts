import type { DescFile } from "@bufbuild/protobuf";
import type { ServiceRegistration } from "../../../runtime/src/index.ts";
import { reflectionRegistrations } from "../../../runtime/src/reflection/index.ts";
import { hosts } from "../support/hosts.ts";

/** Serves until the test is over, with reflection; resolves with the address. */
export async function serveReflected(
  services: readonly ServiceRegistration[],
  files: readonly DescFile[] = [],
  host = hosts[0],
): Promise<string> {
  return await host.serve([...services, ...reflectionRegistrations(services, files)]);
}
