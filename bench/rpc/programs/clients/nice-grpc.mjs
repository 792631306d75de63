import { createChannel, createClient } from "nice-grpc";
import { UsersDefinition } from "../gen/ts-proto/users.js";
import { address, drive } from "./drive.mjs";
import { promiseCalls } from "./promise-calls.mjs";

drive(promiseCalls(createClient(UsersDefinition, createChannel(address))));
