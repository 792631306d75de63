import { printable } from "../../terminal/printable.ts";
import type { Enclosing, Repository, Workspace } from "../new/enclosing.ts";
import { type PackageManagerName, packageManager } from "../templates/package-managers.ts";

/** What a new project leaves to the workspace and the repository that it lies in. */
export function enclosingText(
  { workspace, repository }: Enclosing,
  manager: PackageManagerName,
): string {
  const lines = [
    ...(workspace === undefined ? [] : workspaceText(workspace, manager)),
    ...(repository === undefined ? [] : repositoryText(repository)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Paths of the recorded source that only this machine has. */
export function outsideText(paths: readonly string[]): string {
  if (paths.length === 0) return "";
  const list = paths.map(printable).join(", ");
  return `The protos came from ${list}, outside of this repository: npx grpc-service sync --source works only where that path exists.\n`;
}

function repositoryText({ top, place }: Repository): string[] {
  return [
    `The folder .github works only at the top of the repository, ${printable(top)}: move its files there. In ci.yml, add`,
    `  defaults: { run: { working-directory: ${JSON.stringify(printable(place))} } }`,
  ];
}

function workspaceText(workspace: Workspace, manager: PackageManagerName): string[] {
  const root = printable(workspace.root);
  if (manager !== workspace.manager) {
    if (!workspace.listsProject) return [];
    return [
      `The workspace at ${root} uses ${workspace.manager}, but this project ${manager}: make it with --package-manager ${workspace.manager}.`,
    ];
  }
  if (workspace.listsProject && workspace.isYarn1) return yarn1Text(root);
  return texts[manager](root, workspace.listsProject);
}

/** It refuses the packageManager of the project, and looks for the tarballs of vendor/ in another folder. */
function yarn1Text(root: string): string[] {
  return [
    `The workspace at ${root} uses Yarn 1, which does not work with this project: upgrade it to Yarn ${packageManager("yarn").version}, or leave this folder out of it and keep it apart with an empty yarn.lock here.`,
  ];
}

const texts: Readonly<Record<PackageManagerName, (root: string, isListed: boolean) => string[]>> = {
  npm(root, isListed) {
    if (!isListed) return [];
    return [
      `Part of the npm workspace at ${root}, which has the lock file. For the image, make one beside the Dockerfile:`,
      "  npm install --workspaces=false --package-lock-only",
    ];
  },
  // The project has settings for pnpm, in a pnpm-workspace.yaml.
  pnpm: (root) => [
    `Not part of the pnpm workspace at ${root}, because it has a pnpm-workspace.yaml: to join, move what is in it there, and remove it and packageManager in package.json.`,
    `Then the lock file is at ${root} too. The Dockerfile needs both: build the image from there.`,
  ],
  yarn(root, isListed) {
    if (isListed) {
      return [
        `Part of the Yarn workspace at ${root}, which has the lock file: the Dockerfile needs it, so build the image from there.`,
        `Yarn reads the .yarnrc.yml here only when it runs here: put its nodeLinker into the one at ${root} too.`,
      ];
    }
    return [
      `Yarn installs nothing below ${root} that its workspaces do not list: add this folder to them, or keep it apart with an empty yarn.lock here.`,
    ];
  },
};
