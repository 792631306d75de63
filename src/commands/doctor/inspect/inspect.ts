import type { ClientConfig, ServiceConfig } from "grpc-service/config";
import {
  CodeError,
  type DependenciesCode,
  importConfig,
  importDependencies,
} from "../../project/code.ts";
import type { LoadFailure } from "../../project/load-failure.ts";
import { reason } from "../../project/reason.ts";
import { readVariables } from "../../project/variables.ts";
import type { Report } from "../../tasks/task.ts";
import { callServer, importClientLibrary } from "./call-server.ts";
import { generatedServices } from "./generated-services.ts";
import { checkResources } from "./resources.ts";
import { inspectSettings } from "./settings.ts";

/** Runs in the child process: uses the project's code and reports what it finds, part by part. */
export async function inspect(root: string, report: Report<"doctor">): Promise<void> {
  const config = await inspectConfig(root, report);
  const dependencies = await loadDependencies(root, report);
  if (config === undefined) return;
  await Promise.all([
    inspectServer(root, config.client, report),
    dependencies && inspectResources(dependencies, config.server, report),
  ]);
}

interface Configs {
  readonly server: ServiceConfig;
  readonly client: ClientConfig;
}

async function inspectConfig(root: string, report: Report<"doctor">): Promise<Configs | undefined> {
  try {
    const variables = readVariables(root, process.env);
    const { settings, server, client } = inspectSettings(await importConfig(root), variables);
    report({ settings });
    if (server === undefined || client === undefined) return undefined;
    const { address, metricsAddress, tls } = server;
    report({
      config: {
        address,
        metricsAddress,
        tls,
        client: { address: client.address, tls: client.tls },
      },
    });
    return { server, client };
  } catch (error) {
    report({ configError: failureOf(error) });
    return undefined;
  }
}

async function loadDependencies(
  root: string,
  report: Report<"doctor">,
): Promise<DependenciesCode | undefined> {
  try {
    return await importDependencies(root);
  } catch (error) {
    report({ dependenciesError: failureOf(error) });
    return undefined;
  }
}

async function inspectServer(
  root: string,
  client: ClientConfig,
  report: Report<"doctor">,
): Promise<void> {
  try {
    const library = await importClientLibrary(root);
    report({ answer: await callServer(client, library, generatedServices(root)) });
  } catch (error) {
    report({ clientError: failureOf(error) });
  }
}

async function inspectResources(
  { createDependencies }: DependenciesCode,
  config: ServiceConfig,
  report: Report<"doctor">,
): Promise<void> {
  try {
    const { resources = {} } = await createDependencies({ ...config, logLevel: "silent" });
    report({ resources: await checkResources(resources) });
  } catch (error) {
    report({ dependenciesError: { message: `src/dependencies.ts: ${reason(error)}` } });
  }
}

function failureOf(error: unknown): LoadFailure {
  const remedy = error instanceof CodeError ? error.remedy : undefined;
  return { message: reason(error), ...(remedy !== undefined && { remedy }) };
}
