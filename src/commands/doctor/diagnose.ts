import type { Host } from "../../terminal/host.ts";
import type { Project } from "../project/find-project.ts";
import { reason } from "../project/reason.ts";
import { runTask, type TaskResult } from "../tasks/run-task.ts";
import { reaches, splitAddress } from "./address.ts";
import { checkCertificates } from "./checks/certificates.ts";
import { checkGeneratedCode } from "./checks/generated-code.ts";
import { checkPackages } from "./checks/packages.ts";
import { checkPort } from "./checks/port.ts";
import { portOwner } from "./checks/port-owner.ts";
import { checkServer } from "./checks/server.ts";
import { checkSettings } from "./checks/settings.ts";
import { checkTools } from "./checks/tools.ts";
import { checkTrackedSecrets } from "./checks/tracked-secrets.ts";
import { type Finding, failure, ok, skipped } from "./finding.ts";
import type { CheckedConfig, Inspection } from "./inspection.ts";
import { type Recognition, recognize } from "./recognize.ts";
import type { Report } from "./report.ts";

type Findings = Finding | readonly Finding[];
type Check = () => Findings | Promise<Findings>;

/** Runs every check on a project. The project's own code runs in a child process only. */
export function diagnose(project: Project, host: Pick<Host, "env" | "signal">): Promise<Report> {
  const { root, manifest } = project;
  const running = { node: process.version, userAgent: host.env.npm_config_user_agent };
  const task = runTask("doctor", [], project, host);
  const inspection = task.then(({ report }) => report);
  return runAll({
    tools: () => checkTools(manifest, running),
    packages: () => checkPackages(project),
    "generated code": () => checkGeneratedCode(project, host),
    code: async () => checkCode(await task),
    settings: async () => checkSettings(root, host.env, (await inspection).settings),
    secrets: () => checkTrackedSecrets(root),
    certificates: async () => withConfig(await inspection, (config) => certificates(root, config)),
    resources: async () => (await inspection).resources ?? notChecked(await inspection),
    port: async () => {
      const known = await inspection;
      return withConfig(known, (config) => ports(config, recognize(root, config, known.answer)));
    },
    server: async () => {
      const known = await inspection;
      return withConfig(known, (config) => {
        const { answer } = known;
        if (answer === undefined) return notChecked(known);
        return checkServer(config, answer, recognize(root, config, answer));
      });
    },
  });
}

/** Whether the project's own code can be loaded and used. */
function checkCode({ report, failure: text, remedy }: TaskResult<"doctor">): Findings {
  const taskFailure = text === undefined ? undefined : { message: text, remedy };
  const { configError, dependenciesError, clientError } = report;
  const errors = [configError, dependenciesError, clientError, taskFailure];
  const found = errors.filter((error) => error !== undefined);
  const unique = new Map(found.map(({ message, remedy }) => [message, remedy]));
  if (unique.size > 0) return [...unique].map(([message, remedy]) => failure(message, remedy));
  return ok("src/config.ts and src/dependencies.ts can be loaded");
}

/** Runs a check that needs valid settings. */
function withConfig(
  inspection: Partial<Inspection>,
  check: (config: CheckedConfig) => Findings | Promise<Findings>,
): Findings | Promise<Findings> {
  return inspection.config === undefined ? notChecked(inspection) : check(inspection.config);
}

function notChecked({ settings, config }: Partial<Inspection>): Finding {
  const first = settings !== undefined && config === undefined ? "settings" : "code";
  return skipped(`not checked: fix the ${first} first`);
}

function certificates(root: string, { tls, client }: CheckedConfig): Finding[] {
  const { host } = splitAddress(client.address);
  return checkCertificates({ root, server: tls, client: client.tls, host }, new Date());
}

async function ports(
  { address, metricsAddress, client }: CheckedConfig,
  recognition: Recognition,
): Promise<Finding[]> {
  const answered = await reaches(client.address, address);
  const there = answered ? recognition : { ours: false };
  const findings = [await checkPort("ADDRESS", address, there)];
  if (metricsAddress !== undefined) {
    const ours = there.ours && (await ownerOf(metricsAddress)) === (await ownerOf(address));
    findings.push(await checkPort("METRICS_ADDRESS", metricsAddress, { ours }));
  }
  return findings;
}

function ownerOf(address: string): Promise<string | undefined> {
  return portOwner(splitAddress(address).port);
}

/** Runs all checks at the same time. A check that throws is a finding too. */
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
