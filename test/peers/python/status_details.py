"""`grpc-status-details-bin` by hand: a google.rpc.Status whose details are packed messages."""

from google.protobuf import json_format

KEY = "grpc-status-details-bin"


def unpack(protos, trailing_metadata):
    """The status as JSON, each detail with its type; None when there is none."""
    packed = dict(trailing_metadata or ()).get(KEY)
    if packed is None:
        return None
    status = protos.message("google.rpc.Status").FromString(packed)
    return {
        "code": status.code,
        "message": status.message,
        "details": [_detail_to_json(protos, detail) for detail in status.details],
    }


def pack(protos, code, message, details):
    """The metadata entry of a status; details are JSON with their type under "@type"."""
    status = protos.message("google.rpc.Status")(code=code, message=message)
    for detail in details:
        fields = {name: value for name, value in detail.items() if name != "@type"}
        parsed = json_format.ParseDict(fields, protos.message(detail["@type"])())
        status.details.add().Pack(parsed)
    return KEY, status.SerializeToString()


def _detail_to_json(protos, detail):
    name = detail.type_url.rpartition("/")[2]
    message = protos.message(name).FromString(detail.value)
    return {"@type": name, **json_format.MessageToDict(message)}
