// Ours on an ordinary server of grpc-js.
import { implement } from "grpc-service";
import { toImplementation } from "grpc-service/server";
import { usersDefinition } from "../gen/own/users_grpc.js";
import { usersHandlers } from "./async-handlers.mjs";
import { serve } from "./serve-grpc-js.mjs";

serve(usersDefinition, toImplementation(implement(usersDefinition, usersHandlers)));
