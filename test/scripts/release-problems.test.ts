import { expect, test } from "vitest";
import { releaseProblems } from "../../scripts/release/release-problems.ts";

const packages = (library: string, scaffolder: string) => [
  { name: "grpc-service", version: library },
  { name: "create-grpc-service", version: scaffolder },
];
const changelog = "# Changelog\n\n## [Unreleased]\n\n## [1.2.0] - 2026-12-01\n\n### Added\n";

test("a tag that is the version of both packages, with a section in the changelog", () => {
  expect(releaseProblems("v1.2.0", packages("1.2.0", "1.2.0"), changelog)).toEqual([]);
});

test("a package with another version", () => {
  expect(releaseProblems("v1.2.0", packages("1.1.0", "1.2.0"), changelog)).toEqual([
    "the tag is v1.2.0, but grpc-service has the version 1.1.0",
  ]);
});

test("a tag without v", () => {
  expect(releaseProblems("1.2.0", packages("1.2.0", "1.2.0"), changelog)).toHaveLength(2);
});

test.each(["", "## [1.2.0]\n", "## [1.2.0-rc.1] - 2026-12-01\n"])("a changelog of %j", (text) => {
  expect(releaseProblems("v1.2.0", packages("1.2.0", "1.2.0"), text)).toEqual([
    'CHANGELOG.md has no section "## [1.2.0] - <date>"',
  ]);
});
