import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { Users } from "../gen/own/users_pb.js";
import { address, drive } from "./drive.mjs";
import { promiseCalls } from "./promise-calls.mjs";

const transport = createGrpcTransport({ baseUrl: `http://${address}` });
drive(promiseCalls(createClient(Users, transport)));
