import { mergeManifest } from "../../../src/commands/merge/merge-manifest.ts";

export type Json = Record<string, unknown>;

export const rules = { own: ["create-grpc-service", "grpc-service"], isUsed: () => false };

export function merge(ours: Json, base: Json, theirs: Json, isUsed = (_name: string) => false) {
  const text = (value: Json) => `${JSON.stringify(value, undefined, 2)}\n`;
  const texts = { ours: text(ours), base: text(base), theirs: text(theirs) };
  const merged = mergeManifest(texts, { ...rules, isUsed });
  return { ...merged, json: JSON.parse(merged.text) };
}

export const base = {
  name: "orders",
  scripts: { dev: "tsx", test: "vitest run", mock: "grpc-service mock" },
  dependencies: {
    "@grpc/grpc-js": "^1.14.0",
    "grpc-service": "^0.1.0",
    jose: "^6.0.0",
    pino: "^10.0.0",
  },
  devDependencies: { "create-grpc-service": "^0.1.0", vitest: "^4.0.0" },
};
