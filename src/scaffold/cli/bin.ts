#!/usr/bin/env node
import { runMain } from "../../terminal/run-main.ts";
import { main } from "./main.ts";

runMain(main);
