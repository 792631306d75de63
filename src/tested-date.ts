/**
 * The packages that a project installs are tested as npm saw them on this day: nothing that was
 * published on it or later. Bump it together with the pins in package.json, which must be older.
 */
export const testedDate = "2026-11-26";
