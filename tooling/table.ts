/** Lays out rows as a Markdown table whose columns line up in a terminal; numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const numeric = header.map((_, column) =>
    rows.every((row) => /^(\D{0,2}\d|-?$)/.test(row[column] ?? "")),
  );
  const line = (row: readonly string[]) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? "";
      return numeric[column] ? cell.padStart(width) : cell.padEnd(width);
    });
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => {
    return numeric[column] ? `${"-".repeat(width - 1)}:` : "-".repeat(width);
  });
  return [line(header), `| ${rule.join(" | ")} |`, ...rows.map(line)].join("\n");
}
