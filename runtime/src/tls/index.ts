/** TLS from files that may be replaced while the program runs. */
export type { RotationOptions } from "./rotating-certificates.ts";
export {
  type ChannelTlsFiles,
  rotatingChannelCredentials,
  rotatingServerCredentials,
  type ServerTlsFiles,
} from "./rotating-credentials.ts";
