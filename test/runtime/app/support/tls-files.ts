import { Authority } from "../../support/authority.ts";

/** Certificates for TLS and mutual TLS on this machine, gone after the test. */
export interface TlsFiles {
  /** Has signed both certificates. */
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes certificates of a new authority. */
export function makeTlsFiles(): TlsFiles {
  const authority = new Authority();
  return {
    ca: authority.ca,
    server: authority.issue("server", "localhost"),
    client: authority.issue("client", "test-client", { hosts: "DNS:client.example" }),
  };
}
