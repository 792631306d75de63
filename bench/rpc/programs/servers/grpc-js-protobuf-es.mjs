import { plainMessages } from "../messages.mjs";
import { usersDefinition } from "../protobuf-es-definition.mjs";
import { usersImplementation } from "./grpc-js-handlers.mjs";
import { serve } from "./serve-grpc-js.mjs";

serve(usersDefinition, usersImplementation(plainMessages));
