#!/usr/bin/env node
import { runNodeJs } from "@bufbuild/protoplugin";
import { packageRoot } from "../package-root.ts";
import { createPlugin } from "./plugin.ts";
import { readRuntimeFiles } from "./runtime-files.ts";

runNodeJs(createPlugin(readRuntimeFiles(packageRoot())));
