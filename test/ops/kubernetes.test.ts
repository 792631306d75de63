import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { execa } from "execa";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { Service } from "kubernetes-types/core/v1.d.ts";
import type { NetworkPolicy } from "kubernetes-types/networking/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/package-root.ts";
import { dnsLabel } from "../../src/scaffold/cli/project-name.ts";
import { lendModules } from "../scaffold/support.ts";
import { choices, parseYaml, scaffold } from "./projects.ts";

/** Where kubernetes-types has the type of a kind. */
const modules: Readonly<Record<string, string>> = {
  Deployment: "apps/v1",
  HorizontalPodAutoscaler: "autoscaling/v2",
  NetworkPolicy: "networking/v1",
  PodDisruptionBudget: "policy/v1",
  Service: "core/v1",
  ServiceAccount: "core/v1",
};

interface Kustomization {
  readonly resources: readonly string[];
  readonly images: readonly { readonly name: string }[];
  readonly configMapGenerator: readonly { readonly name: string; readonly envs: string[] }[];
}

const root = packageRoot();

/**
 * Type-checks manifests as literals: a field that the API does not have, or one of another type, is
 * an error. Returns what the compiler says.
 */
async function checkSchemas(manifests: readonly unknown[]): Promise<string> {
  await mkdir(join(root, "test/.tmp"), { recursive: true });
  const folder = await mkdtemp(join(root, "test/.tmp/kubernetes-"));
  try {
    const lines = manifests.map((manifest, index) => {
      const { kind } = parseYaml<{ kind: string }>(JSON.stringify(manifest));
      const type = `import("kubernetes-types/${modules[kind]}.d.ts").${kind}`;
      return `export const manifest${index}: ${type} = ${JSON.stringify(manifest)};`;
    });
    await writeFile(join(folder, "manifests.ts"), `${lines.join("\n")}\n`);
    const strict = ["--noEmit", "--strict", "--module", "nodenext", "--skipLibCheck"];
    const args = ["--ignoreConfig", ...strict, join(folder, "manifests.ts")];
    const { all } = await execa(join(root, "node_modules/.bin/tsc"), args, {
      all: true,
      reject: false,
    });
    return all;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.each(choices)("deploy/kubernetes with $title", ({ choice }) => {
  let folder: string;
  let documents: Map<string, unknown>;
  let kustomization: Kustomization;
  let settings: NodeJS.Dict<string>;
  const manifest = <T>(name: string): T => parseYaml(JSON.stringify(documents.get(name)));

  beforeAll(async () => {
    const flags = new Set([...choice, "--kubernetes"]);
    folder = join(await scaffold([...flags], "orders.v2"), "deploy/kubernetes");
    const names = (await readdir(folder)).filter((name) => name.endsWith(".yaml")).sort();
    documents = new Map();
    for (const name of names) {
      documents.set(name, parseYaml(await readFile(join(folder, name), "utf8")));
    }
    kustomization = manifest("kustomization.yaml");
    settings = parseEnv(await readFile(join(folder, "settings.env"), "utf8"));
    documents.delete("kustomization.yaml");
  });

  test("matches the types of the API", async () => {
    expect(await checkSchemas([...documents.values()])).toBe("");
  });

  test("the kustomization lists every file, the image and the settings", () => {
    expect([...kustomization.resources].sort()).toEqual([...documents.keys()]);
    const { template } = manifest<Deployment>("deployment.yaml").spec ?? {};
    const containers = [
      ...(template?.spec?.containers ?? []),
      ...(template?.spec?.initContainers ?? []),
    ];
    expect(containers).toHaveLength(choice.includes("--postgres") ? 2 : 1);
    const [image] = kustomization.images;
    const [config] = kustomization.configMapGenerator;
    for (const container of containers) {
      expect(container.image).toBe(image?.name);
      expect(container.envFrom?.map((source) => source.configMapRef?.name)).toContain(config?.name);
    }
    expect(config?.envs).toEqual(["settings.env"]);
  });

  test("all objects bear the name of the project, as a DNS label, and find each other by it", () => {
    for (const document of documents.values()) {
      const { metadata } = parseYaml<Deployment>(JSON.stringify(document));
      expect(metadata?.name).toBe("orders-v2");
    }
    const labels = { "app.kubernetes.io/name": "orders-v2" };
    const { selector, template } = manifest<Deployment>("deployment.yaml").spec ?? {};
    expect(selector?.matchLabels).toEqual(labels);
    expect(template?.metadata?.labels).toEqual(labels);
    expect(template?.spec?.serviceAccountName).toBe("orders-v2");
    expect(manifest<Service>("service.yaml").spec?.selector).toEqual(labels);
    const budget = manifest<PodDisruptionBudget>("pod-disruption-budget.yaml");
    expect(budget.spec?.selector?.matchLabels).toEqual(labels);
    const policy = manifest<NetworkPolicy>("network-policy.yaml");
    expect(policy.spec?.podSelector?.matchLabels).toEqual(labels);
    const scaler = manifest<HorizontalPodAutoscaler>("horizontal-pod-autoscaler.yaml");
    expect(scaler.spec?.scaleTargetRef).toMatchObject({ kind: "Deployment", name: "orders-v2" });
  });

  test("pods meet the restricted Pod Security Standard", () => {
    const pod = manifest<Deployment>("deployment.yaml").spec?.template.spec;
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    for (const container of [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
  });

  test("probes and Service use the port of the server", () => {
    const [server] = manifest<Deployment>("deployment.yaml").spec?.template.spec?.containers ?? [];
    const port = server?.ports?.find(({ name }) => name === "grpc")?.containerPort;
    expect(port).toBe(50051);
    // The health service itself serves whatever the server lacks: additions.test.ts shows it.
    const itself = { port, service: "grpc.health.v1.Health" };
    expect(server?.startupProbe?.grpc).toEqual(itself);
    expect(server?.livenessProbe?.grpc).toEqual(itself);
    expect(server?.readinessProbe?.grpc).toEqual({ port });
    const service = manifest<Service>("service.yaml").spec;
    expect(service).toMatchObject({ clusterIP: "None" });
    expect(service?.ports).toMatchObject([{ port: 50051, targetPort: "grpc" }]);
  });

  test("the server accepts the settings, together with a Secret", async () => {
    const secret = {
      ...(choice.includes("--postgres")
        ? { DATABASE_URL: "postgres://app:x@db/app" }
        : { MEMORY_STORE: "on" }), // the comment in settings.env
      ...(choice.includes("--redis") && { REDIS_URL: "redis://:x@redis:6379" }),
    };
    const ofImage = { ENV: "production", ADDRESS: "0.0.0.0:50051" };
    const variables = JSON.stringify({ ...ofImage, ...settings, ...secret });
    const load = `import { loadConfig } from "./src/config.ts";
        console.log(loadConfig(${variables}).environment);`;
    const tsx = join(root, "node_modules/tsx/dist/cli.mjs");
    const cwd = join(folder, "../..");
    await lendModules(cwd);
    const { stdout } = await execa(
      process.execPath,
      [tsx, "--conditions=@grpc-service/source", "-e", load],
      { cwd },
    );
    expect(stdout).toBe("production");
  });

  test("annotations name the port of the metrics, and the network policy opens it", () => {
    const { metadata, spec } = manifest<Deployment>("deployment.yaml").spec?.template ?? {};
    const [server] = spec?.containers ?? [];
    const port = server?.ports?.find(({ name }) => name === "metrics")?.containerPort;
    expect(settings.METRICS_ADDRESS).toBe(`0.0.0.0:${port}`);
    expect(metadata?.annotations?.["prometheus.io/port"]).toBe(String(port));
    const { ingress } = manifest<NetworkPolicy>("network-policy.yaml").spec ?? {};
    expect(ingress?.flatMap(({ ports = [] }) => ports.map((each) => each.port))).toEqual([
      "grpc",
      "metrics",
    ]);
  });

  test("waits longer than the grace period of the server", () => {
    const pod = manifest<Deployment>("deployment.yaml").spec?.template.spec;
    // Resources have 5 s to close after the grace period.
    const neededS = Number(settings.SHUTDOWN_GRACE_MS) / 1000 + 5;
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(neededS);
  });

  test("has no secrets, only their names", async () => {
    for (const name of await readdir(folder)) {
      const text = await readFile(join(folder, name), "utf8");
      expect(text, name).not.toMatch(
        /^kind: Secret|(?:SECRET|PASSWORD|DATABASE_URL|REDIS_URL)=\S/m,
      );
    }
  });
});

test("an unknown field is reported", async () => {
  const service = { apiVersion: "v1", kind: "Service", spec: { ports: [{ prot: 1 }] } };
  expect(await checkSchemas([service])).toMatch(/prot"?' does not exist/);
});

test.each([
  ["user-service", "user-service"],
  ["@me/orders", "orders"],
  ["2.orders", "app-2-orders"],
  ["a_b~c.d", "a-b-c-d"],
  ["~", "app"],
  ["x".repeat(200), "x".repeat(63)],
  [`${"x".repeat(62)}.y`, "x".repeat(62)],
])("%s is %s in a cluster", (name, label) => {
  expect(dnsLabel(name)).toBe(label);
});
