import { UsersService } from "../gen/ts-proto/users.js";
import { plainMessages } from "../messages.mjs";
import { usersImplementation } from "./grpc-js-handlers.mjs";
import { serve } from "./serve-grpc-js.mjs";

serve(UsersService, usersImplementation(plainMessages));
