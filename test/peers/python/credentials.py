"""Credentials from the PEM texts of a `tls` object: authority, certificate, key."""

import grpc


def of_channel(tls):
    return grpc.ssl_channel_credentials(
        root_certificates=_pem(tls, "authority"),
        private_key=_pem(tls, "key"),
        certificate_chain=_pem(tls, "certificate"),
    )


def of_server(tls):
    """Clients must show a certificate when there is an authority to check it."""
    pair = (_pem(tls, "key"), _pem(tls, "certificate"))
    authority = _pem(tls, "authority")
    return grpc.ssl_server_credentials([pair], authority, authority is not None)


def _pem(tls, name):
    return tls[name].encode() if name in tls else None
