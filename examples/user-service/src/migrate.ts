import { runMigrations } from "grpc-service/postgres";
import { loadConfig } from "./config.ts";
import { migrationsFolder } from "./database/migrations.ts";

await runMigrations(loadConfig, migrationsFolder);
