import type { Setting } from "./env-reader.ts";

/**
 * The text of `.env.example` for these settings, without those that are not listed. A setting that is there
 * twice is printed once.
 */
export function envExample(settings: readonly Setting[]): string {
  const lines = [
    "# npx grpc-service secrets creates .env from this file. Put your values there.",
    "# Environment variables win over this file. An empty value counts as not set.",
  ];
  let section = "";
  for (const setting of distinct(settings)) {
    if (setting.isListed === false) continue;
    if (setting.section !== section) {
      section = setting.section;
      lines.push("", `## ${section}`);
    }
    lines.push(`# ${setting.about}`, `${setting.name}=${setting.fallback}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The rows of a Markdown table (name, default, description) for these settings. */
export function settingsTable(settings: readonly Setting[]): string {
  const rows = distinct(settings).map(
    ({ name, fallback, about }) => `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${about} |`,
  );
  return rows.join("\n");
}

function distinct(settings: readonly Setting[]): Setting[] {
  const byName = new Map<string, Setting>();
  for (const setting of settings) {
    if (!byName.has(setting.name)) byName.set(setting.name, setting);
  }
  return [...byName.values()];
}
