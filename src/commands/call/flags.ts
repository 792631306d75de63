import { importPathFlag } from "../import-path-flag.ts";
import type { Flag, Input } from "../input.ts";

/** Where the server is, and how to connect to it. */
const connectionFlags = {
  plaintext: { type: "boolean", about: "No TLS. Default for this machine." },
  tls: { type: "boolean", about: "TLS. Default for other machines." },
  cacert: {
    type: "string",
    value: "<file>",
    about: "Authority of the server's certificate (PEM).",
  },
  cert: { type: "string", value: "<file>", about: "Client certificate for mutual TLS (PEM)." },
  key: { type: "string", value: "<file>", about: "Its private key (PEM)." },
  "server-name": {
    type: "string",
    value: "<name>",
    about: "Name that the server's certificate must have. Default: the host of the address.",
  },
  insecure: { type: "boolean", about: "TLS without checking the server's certificate." },
  authority: { type: "string", value: "<name>", about: "The :authority header." },
  "connect-timeout": {
    type: "string",
    value: "<time>",
    about: "Time limit for the connection. Default: 10s.",
  },
  wait: {
    type: "boolean",
    about: "Try again until the server is there or --connect-timeout is over.",
  },
  "keepalive-time": {
    type: "string",
    value: "<time>",
    about: "Idle time before a keepalive ping. Default: no pings.",
  },
  "user-agent": { type: "string", value: "<text>", about: "Start of the user-agent header." },
} as const satisfies Record<string, Flag>;

/** Limits of each call, reflection included. */
const limitFlags = {
  timeout: {
    type: "string",
    value: "<time>",
    about:
      "Deadline of the call, such as 500ms, 2s or 1m; reflection has it too. Default: none, and 30s.",
  },
  "max-message-size": {
    type: "string",
    value: "<size>",
    about: "Largest response, also of reflection. Default: 64MiB.",
  },
} as const satisfies Record<string, Flag>;

/** What is sent with each call, reflection included. */
const metadataFlags = {
  header: {
    type: "string",
    short: "H",
    multiple: true,
    value: "<name: value>",
    about: "Metadata, or @file with an entry per line. Values of -bin names are base64.",
  },
  "reflect-header": {
    type: "string",
    multiple: true,
    value: "<name: value>",
    about: "Further metadata for reflection only, as -H.",
  },
  token: { type: "string", value: "<token>", about: "Bearer token, or @file with it." },
  subject: {
    type: "string",
    value: "<name>",
    about: "Subject of the token that is signed in a project. Default: developer.",
  },
  scope: { type: "string", multiple: true, value: "<scope>", about: "Scope of that token." },
  anonymous: { type: "boolean", about: "Sign no token." },
} as const satisfies Record<string, Flag>;

/** Where the descriptors are. */
const schemaFlags = {
  proto: {
    type: "string",
    multiple: true,
    value: "<path>",
    about: "A .proto file, a folder of them, or a descriptor set.",
  },
  "import-path": importPathFlag,
  reflect: { type: "boolean", about: "Ask the server, also in a project." },
} as const satisfies Record<string, Flag>;

const requestFlags = {
  data: {
    type: "string",
    short: "d",
    value: "<json>",
    about: "The requests, instead of the argument: JSON, @file, or @- for standard input.",
  },
  file: {
    type: "string",
    value: "<field=file>",
    about: "A file for a bytes field: in a request per chunk if the method takes a stream.",
  },
  "chunk-size": { type: "string", value: "<size>", about: "Size of a chunk. Default: 1MiB." },
  "allow-unknown-fields": { type: "boolean", about: "Ignore fields that the request has not." },
} as const satisfies Record<string, Flag>;

const responseFlags = {
  "max-messages": {
    type: "string",
    value: "<n>",
    about: "Cancel the call after this many responses, and succeed.",
  },
  field: { type: "string", value: "<path>", about: "Print one field of each response only." },
  raw: {
    type: "boolean",
    about: "With --field: print texts and bytes as they are, without a line end.",
  },
  pretty: { type: "boolean", about: "Print JSON over several lines." },
  "emit-defaults": { type: "boolean", about: "Print fields with default values too." },
  "proto-names": { type: "boolean", about: "Print field names as in the proto." },
  "error-format": {
    type: "string",
    value: "<text|json>",
    about: "How a failed status is printed. Default: text.",
  },
  verbose: {
    type: "boolean",
    short: "v",
    about: "Print the connection, headers, trailers and times to standard error.",
  },
} as const satisfies Record<string, Flag>;

/** Flags of every command that asks a server. */
export const serverFlags = {
  ...connectionFlags,
  ...limitFlags,
  ...metadataFlags,
  ...schemaFlags,
} as const;

/** Flags of `call`. */
export const callFlags = { ...requestFlags, ...responseFlags, ...serverFlags } as const;

/** What the user typed: flags of a command that asks a server. */
export type ServerFlags = Input<typeof serverFlags>["flags"];

/** What the user typed: flags of `call`. */
export type CallFlags = Input<typeof callFlags>["flags"];
