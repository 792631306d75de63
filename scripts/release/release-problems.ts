/** What a release reads in a package.json. */
export interface ReleasedPackage {
  readonly name: string;
  readonly version: string;
}

/** Why these packages cannot be published under a tag, one line each. */
export function releaseProblems(
  tag: string,
  packages: readonly ReleasedPackage[],
  changelog: string,
): string[] {
  const problems = packages
    .filter(({ version }) => tag !== `v${version}`)
    .map(({ name, version }) => `the tag is ${tag}, but ${name} has the version ${version}`);
  const headings = changelog.split("\n").filter((line) => line.startsWith("## "));
  const version = tag.replace(/^v/, "");
  if (!headings.some((heading) => heading.startsWith(`## [${version}] - `))) {
    problems.push(`CHANGELOG.md has no section "## [${version}] - <date>"`);
  }
  return problems;
}
