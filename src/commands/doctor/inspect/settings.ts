import type { ClientConfig, ServiceConfig } from "grpc-service/config";
import { CodeError, type ConfigCode } from "../../project/code.ts";
import { reason } from "../../project/reason.ts";
import { loadSettings } from "../../project/settings.ts";
import type { Variables } from "../../project/variables.ts";
import type { SettingsReport } from "../inspection.ts";

/** The settings of a project; a config is undefined if a setting in it is wrong. */
export interface InspectedSettings {
  readonly settings: SettingsReport;
  readonly server: ServiceConfig | undefined;
  readonly client: ClientConfig | undefined;
}

/**
 * Reads the settings of server and client, and collects what is wrong with them.
 *
 * @throws CodeError when a loader fails for another reason than a wrong setting
 */
export function inspectSettings(
  { loadConfig, loadClientConfig }: ConfigCode,
  variables: Variables,
): InspectedSettings {
  try {
    const names = [...loadConfig.describe(), ...loadClientConfig.describe()].map(
      ({ name }) => name,
    );
    const server = loadSettings(() => loadConfig(variables));
    const client = loadSettings(() => loadClientConfig(variables));
    const problems = [...server.problems, ...client.problems];
    return {
      settings: { names: [...new Set(names)], problems: [...new Set(problems)] },
      server: server.config,
      client: client.config,
    };
  } catch (error) {
    throw new CodeError({ message: `src/config.ts: ${reason(error)}` }, error);
  }
}
