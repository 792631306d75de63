import { type ClientConfig, loadClientConfig } from "../../src/client/config.ts";
import { type Config, loadConfig } from "../../src/config.ts";
import { createDependencies } from "../../src/dependencies.ts";
import { reason } from "../../src/reason.ts";
import { checkCertificates } from "./certificates.ts";
import { type Finding, failure, skipped } from "./check.ts";
import { checkGeneratedCode } from "./generated-code.ts";
import { readManifest, scriptCommand } from "./manifest.ts";
import { checkPort, splitAddress } from "./port.ts";
import type { Report } from "./report.ts";
import { checkResources } from "./resources.ts";
import { callServer, checkServer } from "./server.ts";
import { checkSettings, readVariables } from "./settings.ts";
import { checkPackages, checkTools } from "./tools.ts";
import { checkTrackedSecrets } from "./tracked-secrets.ts";

type Check = () => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;

/** Runs every check on the project in `root`. */
export async function diagnose(root: string, env: NodeJS.ProcessEnv): Promise<Report> {
  const manifest = readManifest(root);
  const running = { node: process.version, userAgent: env.npm_config_user_agent };
  const variables = readVariables(root, env);
  return runAll({
    tools: () => checkTools(manifest, running),
    packages: () => checkPackages(root, manifest),
    "generated code": () => checkGeneratedCode(root, scriptCommand(manifest, "generate")),
    settings: () => checkSettings(root, variables),
    secrets: () => checkTrackedSecrets(root),
    ...configuredChecks(variables),
  });
}

/** What can be checked only when the settings are good. */
function configuredChecks(variables: NodeJS.ProcessEnv): Record<string, Check> {
  let config: Config;
  let client: ClientConfig;
  try {
    config = loadConfig(variables);
    client = loadClientConfig(variables);
  } catch {
    const later = () => skipped("once the settings are good");
    return { certificates: later, resources: later, port: later, server: later };
  }
  const { host, port } = splitAddress(client.address);
  const answer = callServer(client);
  return {
    certificates: () =>
      checkCertificates({ server: config.tls, client: client.tls, host }, new Date()),
    resources: () =>
      checkResources(createDependencies({ ...config, logLevel: "silent" }).resources),
    port: async () => {
      const { address, metricsAddress } = config;
      const ours = (await answer).kind === "health" && splitAddress(address).port === port;
      return Promise.all([
        checkPort("ADDRESS", address, ours),
        ...(metricsAddress ? [checkPort("METRICS_ADDRESS", metricsAddress, ours)] : []),
      ]);
    },
    server: async () => checkServer(client, await answer),
  };
}

/** At the same time; a check that breaks is a finding, too. */
async function runAll(checks: Record<string, Check>): Promise<Report> {
  const findings = Object.entries(checks).map(
    async ([name, check]): Promise<[string, readonly Finding[]]> => {
      try {
        return [name, [await check()].flat()];
      } catch (error) {
        return [name, [failure(`cannot be checked: ${reason(error)}`)]];
      }
    },
  );
  return new Map(await Promise.all(findings));
}
