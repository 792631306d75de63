import Module from "node:module";
import { applyPatch, protopluginPatches } from "./protoplugin-patches.ts";

/** Loaded before protoc-gen-es: patches its protoplugin as the build does. */
const compile = Reflect.get(Module.prototype, "_compile");
Reflect.set(Module.prototype, "_compile", function (this: Module, code: string, path: string) {
  const patch = protopluginPatches.find(({ file }) => file.test(path));
  return compile.call(this, patch === undefined ? code : applyPatch(patch, code, path), path);
});
