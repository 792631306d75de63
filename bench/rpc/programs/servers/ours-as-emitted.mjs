// Ours with the interceptors that a new project has, at their defaults. Each call is logged, to where
// standard output leads, and needs a token.

import { implement } from "grpc-service";
import { defineConfig, readServiceConfig } from "grpc-service/config";
import {
  deadline,
  interceptorsByMethod,
  logging,
  recovery,
  requestId,
  validation,
} from "grpc-service/interceptors";
import { auth, jwtAuthenticator } from "grpc-service/interceptors/auth";
import { serverTracing } from "grpc-service/interceptors/tracing";
import { createLogger } from "grpc-service/logger";
import { GrpcServer } from "grpc-service/server";
import { SignJWT } from "jose";
import { control } from "../control.mjs";
import { usersDefinition } from "../gen/own/users_grpc.js";
import { usersHandlers } from "./async-handlers.mjs";

const service = { name: "users", version: "1.0.0" };
const config = defineConfig((env) => readServiceConfig(env, service))({ ENV: "development" });
const logger = createLogger(config);
const clock = () => new Date();
const entries = [
  recovery({ logger }),
  requestId({ serverVersion: service.version }),
  serverTracing(),
  logging({ logger }),
  deadline(config.deadlines),
  auth({ authenticate: jwtAuthenticator(config.auth, { clock, logger }) }),
  validation(),
];
const methods = Object.values(usersDefinition);
const server = new GrpcServer({
  services: [implement(usersDefinition, usersHandlers)],
  interceptors: await interceptorsByMethod(entries, { methods, environment: config.environment }),
});
const port = await server.listen("127.0.0.1:0");
control({ port, token: await longToken(config.auth) });

/** That of `signToken` is valid for five minutes: a run takes longer. */
function longToken({ keys, issuer, audience }) {
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setSubject("bench")
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime("3 hours")
    .sign(new TextEncoder().encode(keys.secret));
}
