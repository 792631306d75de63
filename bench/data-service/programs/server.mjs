// The built project with settings of development. Its database is that of DATABASE_URL.
import { createApp } from "../dist/app.js";
import { loadConfig } from "../dist/config.js";
import { createDependencies } from "../dist/dependencies.js";
import { control } from "./control.mjs";

const settings = JSON.parse(process.argv[2]);
const config = loadConfig({ ADDRESS: "127.0.0.1:0", AUTH: "off", ...settings });
control({ port: await createApp(config, createDependencies(config)).start() });
