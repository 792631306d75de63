// The least a plugin on protoplugin can do: parse the request, build its descriptors, print nothing.
import { createEcmaScriptPlugin, runNodeJs } from "@bufbuild/protoplugin";

runNodeJs(createEcmaScriptPlugin({ name: "empty", version: "v1", generateTs() {} }));
