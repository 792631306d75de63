// Ours: the built example with settings of production. Each call is logged, to where standard output leads.
import { AppServer } from "grpc-service/app";
import { signToken } from "grpc-service/interceptors/auth";
import { control } from "../control.mjs";
import { createApp } from "../ours/dist/app.js";
import { loadConfig } from "../ours/dist/config.js";
import { createDependencies } from "../ours/dist/dependencies.js";
import { services } from "../ours/dist/services/index.js";
import { PostgresUserStore } from "../ours/dist/users/postgres-user-store.js";

const { databaseUrl, interceptors = true, cache = true } = JSON.parse(process.argv[2]);
const config = loadConfig({
  ENV: "production",
  ADDRESS: "127.0.0.1:0",
  DATABASE_URL: databaseUrl,
  MIGRATE_AT_START: "on",
  AUTH_JWT_SECRET: "a secret of 32 bytes or more, for the benchmark",
  AUTH_ISSUER: "bench",
  AUTH_AUDIENCE: "users",
});
const emitted = createDependencies(config);
const { resources, logger, database } = emitted;
const dependencies = cache ? emitted : { ...emitted, users: new PostgresUserStore(database) };
const app = interceptors
  ? createApp(config, dependencies)
  : new AppServer({ config, services: services(dependencies), resources, logger });
// Tokens expire after minutes.
const token = () => signToken(config.auth, "bench");
control({ port: await app.start(), token: await token() }, { token });
