import { createPlainServer } from "../src/plain-server.ts";
import { describeApp } from "./app.contract.ts";

describeApp("the plain grpc.Server", createPlainServer, undefined);
