import { fileURLToPath } from "node:url";
import { loadPackageDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { plainMessages } from "../messages.mjs";
import { usersImplementation } from "./grpc-js-handlers.mjs";
import { serve } from "./serve-grpc-js.mjs";

const proto = loadSync(fileURLToPath(new URL("../proto/users.proto", import.meta.url)));
const { Users } = loadPackageDefinition(proto).bench;
serve(Users.service, usersImplementation(plainMessages));
