import { createPlainServer } from "../src/plain-server.ts";
import { describeApp } from "./app.contract.ts";
import { describeLimits } from "./limits.contract.ts";

const name = "the plain grpc.Server";
describeApp(name, createPlainServer, undefined);
describeLimits(name, createPlainServer);
