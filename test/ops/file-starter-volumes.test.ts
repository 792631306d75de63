import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { PersistentVolumeClaim } from "kubernetes-types/core/v1.d.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../commands/support/run-command.ts";
import { quick, run, temporaryFolder } from "../scaffold/support.ts";
import { parseDockerfile, split } from "./dockerfile.ts";
import { parseYaml } from "./projects.ts";

const path = "/data/files";

describe("the files of the file starter outlive containers", () => {
  let project: string;
  beforeAll(async () => {
    const cwd = await temporaryFolder();
    const { code, notes } = await run(["files", "--starter", "file", "--kubernetes", ...quick], {
      cwd,
    });
    expect({ code, notes }).toMatchObject({ code: 0 });
    project = join(cwd, "files");
  });
  const read = (name: string) => readFile(join(project, name), "utf8");
  const manifest = async <T>(name: string): Promise<T> =>
    parseYaml<T>(await read(`deploy/kubernetes/${name}.yaml`));

  test("the image has the folder, for its user", async () => {
    const last = parseDockerfile(await read("Dockerfile")).at(-1)?.instructions ?? [];
    const copies = last.filter(({ name }) => name === "COPY").map(({ text }) => split(text));
    const folder = copies.find(({ words }) => words.at(-1) === path);
    expect(folder?.flags.get("chown")).toBe("1000:1000");
    const settings = last.filter(({ name }) => name === "ENV").map(({ text }) => text);
    expect(settings).toContain(`FILES_FOLDER=${path}`);
  });

  test("docker-compose.yml has a volume", { tags: "docker-compose" }, async () => {
    await runCommand(["secrets"], { cwd: project });
    const { stdout } = await execa("docker-compose", ["config"], { cwd: project });
    const compose = parseYaml<{
      services: { server: { volumes: unknown } };
      volumes: Record<string, unknown>;
    }>(stdout);
    expect(JSON.stringify(compose.services.server.volumes)).toContain(path);
    expect(Object.keys(compose.volumes)).toEqual(["files"]);
  });

  test("Kubernetes mounts a claim, in one pod at a time", async () => {
    const { spec } = await manifest<Deployment>("deployment");
    const claim = await manifest<PersistentVolumeClaim>("persistent-volume-claims");
    const pod = spec?.template.spec;
    expect(spec?.strategy).toEqual({ type: "Recreate" });
    expect(pod?.containers[0]?.volumeMounts).toEqual([{ name: "files", mountPath: path }]);
    expect(pod?.volumes).toEqual([
      { name: "files", persistentVolumeClaim: { claimName: claim.metadata?.name } },
    ]);
    expect(pod?.securityContext?.fsGroup).toBe(1000);
    const scaler = await manifest<HorizontalPodAutoscaler>("horizontal-pod-autoscaler");
    expect(scaler.spec).toMatchObject({ minReplicas: 1, maxReplicas: 1 });
    const { resources } = await manifest<{ resources: string[] }>("kustomization");
    expect(resources).toContain("persistent-volume-claims.yaml");
  });
});
