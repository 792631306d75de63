import { run } from "grpc-service/app";
import { createApp } from "./app.ts";
import { loadConfig } from "./config.ts";
import { createDependencies } from "./dependencies.ts";

await run({ loadConfig, createDependencies, createApp });
