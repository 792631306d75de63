import { printable } from "../../terminal/printable.ts";
import type { Finding } from "./finding.ts";

/** Findings by the name of their check. */
export type Report = ReadonlyMap<string, readonly Finding[]>;

/** Whether nothing failed. Warnings do not count. */
export function isHealthy(report: Report): boolean {
  return [...report.values()].flat().every(({ status }) => status !== "failure");
}

/** One line per finding, and one below it with the remedy. */
export function reportText(report: Report): string {
  const width = Math.max(...[...report.keys()].map((name) => name.length));
  const lines = [...report].flatMap(([name, findings]) =>
    findings.flatMap(({ status, message, remedy }) => {
      const line = `${status.padEnd("warning".length)}  ${name.padEnd(width)}  ${printable(message)}`;
      return remedy === undefined
        ? [line]
        : [line, `${" ".repeat(width + 11)}-> ${printable(remedy)}`];
    }),
  );
  return `${lines.join("\n")}\n`;
}

/** For programs: `{ healthy, findings: [{ check, status, message, remedy? }] }`. */
export function reportJson(report: Report): string {
  const findings = [...report].flatMap(([check, found]) =>
    found.map((finding) => ({ check, ...finding })),
  );
  return `${JSON.stringify({ healthy: isHealthy(report), findings }, null, 2)}\n`;
}
