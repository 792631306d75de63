import { UsersClient } from "../gen/own/users_client.js";
import { address, drive } from "./drive.mjs";
import { promiseCalls } from "./promise-calls.mjs";

drive(promiseCalls(new UsersClient(address)));
