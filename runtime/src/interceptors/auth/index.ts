/** Authentication by bearer token (JWT). Needs the package jose. */
export { type Authenticator, type AuthOptions, auth, type ClaimsReader } from "./auth.ts";
export { jwtAuthenticator } from "./jwt.ts";
export { signToken } from "./sign-token.ts";
