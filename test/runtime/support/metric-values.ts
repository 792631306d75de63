import type { Registry } from "prom-client";

/** Labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** The value of a series, as Prometheus reads it; undefined without such a series. */
export async function metricValue(
  registry: Registry,
  metric: string,
  labels: Labels = {},
): Promise<number | undefined> {
  const series = (await seriesOf(registry, metric)).find((each) =>
    Object.entries(labels).every(([name, value]) => each.labels[name] === value),
  );
  return series?.value;
}

/** All series of a metric. */
export async function seriesOf(
  registry: Registry,
  metric: string,
): Promise<{ labels: Labels; value: number }[]> {
  const lines = (await registry.metrics()).split("\n");
  return lines
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .map((line) => ({
      labels: Object.fromEntries(
        [...line.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
      ),
      value: Number(line.slice(line.lastIndexOf(" "))),
    }));
}
