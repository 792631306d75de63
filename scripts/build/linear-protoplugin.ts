import type { Plugin } from "rolldown";
import {
  applyPatch,
  type Patch,
  protopluginPatches,
} from "../../tooling/plugins/protoplugin-patches.ts";

/** Patches protoplugin in the bundle. @throws Error when it has changed so that a patch no longer fits. */
export function linearProtoplugin(): Plugin {
  const patched = new Set<Patch>();
  return {
    name: "linear-protoplugin",
    transform(code, id) {
      const patch = protopluginPatches.find(({ file }) => file.test(id));
      if (patch === undefined) return;
      patched.add(patch);
      return applyPatch(patch, code, id);
    },
    buildEnd(error) {
      if (error !== undefined || patched.size === protopluginPatches.length) return;
      throw new Error("protoplugin has changed: see protopluginPatches");
    },
  };
}
