import type { Http2Session } from "node:http2";
import { TLSSocket } from "node:tls";
import { type PeerCertificate, peerCertificate } from "../peer-certificate.ts";

/** Who is at the other end of a connection. */
export class ConnectionPeer {
  /** Address and port; `unknown` for a Unix socket, as grpc-js says. */
  readonly address: string;
  readonly #session: Http2Session;
  /** Undefined until somebody asks: to describe a certificate takes longer than a call. */
  #certificate: { readonly value: PeerCertificate | undefined } | undefined;

  constructor(session: Http2Session) {
    this.#session = session;
    this.address = addressOf(session, "unknown");
  }

  /** The certificate of the caller, if mutual TLS has verified it. */
  get certificate(): PeerCertificate | undefined {
    this.#certificate ??= { value: certificateOf(this.#session) };
    return this.#certificate.value;
  }
}

/** @param local what to say of a Unix socket */
export function addressOf({ socket }: Http2Session, local: string): string {
  const { remoteAddress = local, remotePort } = socket;
  return remotePort === undefined ? remoteAddress : `${remoteAddress}:${remotePort}`;
}

function certificateOf(session: Http2Session): PeerCertificate | undefined {
  if (session.destroyed || !(session.socket instanceof TLSSocket)) return undefined;
  return session.socket.authorized
    ? peerCertificate(session.socket.getPeerCertificate())
    : undefined;
}
