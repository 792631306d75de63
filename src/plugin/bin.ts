#!/usr/bin/env node
import { runNodeJs } from "@bufbuild/protoplugin";
import { createPlugin } from "./plugin.ts";

runNodeJs(createPlugin());
