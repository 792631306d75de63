import { readClientConfig } from "../client/config.ts";
import { readConfig } from "../config.ts";
import { EnvReader, type Setting } from "./env-reader.ts";

/** Every variable that server and demo client read, as their readers describe it. */
export function describeConfig(): readonly Setting[] {
  const env = new EnvReader({});
  readConfig(env);
  readClientConfig(env);
  return env.settings;
}

/** The text of .env.example. */
export function envExample(): string {
  const lines = [
    "# Copy to .env and change what you need: cp .env.example .env",
    "# Variables that are set win over the file; an empty one counts as not set.",
  ];
  let section = "";
  for (const setting of describeConfig()) {
    if (setting.section !== section) {
      section = setting.section;
      lines.push("", `## ${section}`);
    }
    lines.push("", `# ${setting.about}`, `${setting.name}=${setting.fallback}`);
  }
  return `${lines.join("\n")}\n`;
}

/** The rows of the table in README.md. */
export function settingsTable(): string {
  return describeConfig()
    .map(
      ({ name, fallback, about }) =>
        `| \`${name}\` | ${fallback && `\`${fallback}\``} | ${about} |`,
    )
    .join("\n");
}
