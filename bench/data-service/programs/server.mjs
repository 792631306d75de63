// The built project with settings of production. Its database is that of DATABASE_URL.
import { signToken } from "grpc-service/interceptors/auth";
import { createApp } from "../dist/app.js";
import { loadConfig } from "../dist/config.js";
import { createDependencies } from "../dist/dependencies.js";
import { control } from "./control.mjs";

const settings = JSON.parse(process.argv[2]);
const config = loadConfig({
  ENV: "production",
  ADDRESS: "127.0.0.1:0",
  AUTH_JWT_SECRET: "a secret of 32 bytes or more, for the benchmark",
  AUTH_ISSUER: "bench",
  AUTH_AUDIENCE: "data",
  ...settings,
});
const port = await createApp(config, createDependencies(config)).start();
control({ port, token: await signToken(config.auth, "bench") });
