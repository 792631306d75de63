"""Makes the calls it is told to, one JSON object a line, and answers with what came of them."""

import json
import sys
import threading

import grpc
from google.protobuf import json_format

import credentials
import status_details
from json_lines import metadata_from_json, metadata_to_json, write
from protos import Protos


class Client:
    def __init__(self, protos):
        self._protos = protos
        self._channels = {}
        self._calls = {}

    def run(self, command):
        """Starts a call, or cancels a started one."""
        if "cancel" in command:
            self._calls[command["cancel"]].cancel()
            return
        channel = self._channel(**command["channel"])
        ready = threading.Event()
        worker = threading.Thread(target=self._call, args=(channel, command, ready), daemon=True)
        worker.start()
        # A command to cancel that follows finds the call.
        ready.wait()

    def _channel(self, address, tls=None, options=None):
        key = json.dumps([address, tls, options])
        if key not in self._channels:
            arguments = [(name, value) for name, value in (options or {}).items()]
            self._channels[key] = (
                grpc.insecure_channel(address, arguments)
                if tls is None
                else grpc.secure_channel(address, credentials.of_channel(tls), arguments)
            )
        return self._channels[key]

    def _call(self, channel, command, ready):
        service, method = command["service"], command["method"]
        kind, request_type, _ = self._protos.signature(service, method)
        requests = self._requests(command, request_type)
        function = self._protos.call(channel, service, method)
        start = function if kind.endswith("_stream") else function.future
        call = start(
            requests if kind.startswith("stream_") else next(requests),
            timeout=command.get("timeout"),
            metadata=metadata_from_json(command.get("metadata", ())),
            wait_for_ready=command.get("waitForReady"),
            compression=grpc.Compression[command.get("compression", "NoCompression")],
        )
        self._calls[command["id"]] = call
        ready.set()
        responses = []
        try:
            for response in call if kind.endswith("_stream") else [call.result()]:
                responses.append(json_format.MessageToDict(response))
                if len(responses) == command.get("cancelAfter"):
                    call.cancel()
        except (grpc.RpcError, grpc.FutureCancelledError):
            pass
        write({"id": command["id"], "outcome": self._outcome(call, responses)})

    def _requests(self, command, request_type):
        for request in command["requests"]:
            yield json_format.ParseDict(request, request_type())
        if command.get("keepOpen"):
            threading.Event().wait()

    def _outcome(self, call, responses):
        return {
            "code": call.code().name,
            "details": call.details(),
            "header": metadata_to_json(call.initial_metadata()),
            "trailer": metadata_to_json(call.trailing_metadata()),
            "status": status_details.unpack(self._protos, call.trailing_metadata()),
            "responses": responses,
        }


def main():
    client = Client(Protos.from_file(sys.argv[1]))
    for line in sys.stdin:
        client.run(json.loads(line))


main()
