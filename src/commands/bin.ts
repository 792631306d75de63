#!/usr/bin/env node
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { keepCompiledCode } from "./compile-cache.ts";

keepCompiledCode(dirname(fileURLToPath(import.meta.url)));
// Only what is loaded after that is kept.
void Promise.all([import("../terminal/run-main.ts"), import("./main.ts")]).then(
  ([{ runMain }, { main }]) => runMain(main),
);
