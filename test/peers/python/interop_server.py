"""The interop test service: interop_server.py DESCRIPTORS. Prints its port and ends with stdin."""

import sys
import time
from concurrent import futures

import grpc

from protos import Protos

INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


class TestService:
    def __init__(self, protos):
        self._empty = protos.message("grpc.testing.Empty")
        self._simple = protos.message("grpc.testing.SimpleResponse")
        self._sum = protos.message("grpc.testing.StreamingInputCallResponse")
        self._output = protos.message("grpc.testing.StreamingOutputCallResponse")

    def EmptyCall(self, _request, context):
        echo_metadata(context)
        return self._empty()

    def UnaryCall(self, request, context):
        echo_metadata(context)
        end_as_asked(request, context)
        if request.response_compressed.value:
            context.set_compression(grpc.Compression.Gzip)
        return self._simple(payload={"body": bytes(request.response_size)})

    def StreamingInputCall(self, requests, context):
        echo_metadata(context)
        return self._sum(aggregated_payload_size=sum(len(each.payload.body) for each in requests))

    def StreamingOutputCall(self, request, context):
        echo_metadata(context)
        if any(parameters.compressed.value for parameters in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        yield from self._responses(request, context)

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            yield from self._responses(request, context)

    def HalfDuplexCall(self, requests, context):
        for request in list(requests):
            yield from self._responses(request, context)

    def _responses(self, request, context):
        end_as_asked(request, context)
        for parameters in request.response_parameters:
            time.sleep(parameters.interval_us / 1e6)
            if not parameters.compressed.value:
                context.disable_next_message_compression()
            yield self._output(payload={"body": bytes(parameters.size)})


def echo_metadata(context):
    received = dict(context.invocation_metadata())
    if INITIAL in received:
        context.send_initial_metadata(((INITIAL, received[INITIAL]),))
    if TRAILING in received:
        context.set_trailing_metadata(((TRAILING, received[TRAILING]),))


def end_as_asked(request, context):
    status = request.response_status
    if status.code != 0:
        code = next(code for code in grpc.StatusCode if code.value[0] == status.code)
        context.abort(code, status.message)


def main():
    protos = Protos.from_file(sys.argv[1])
    server = grpc.server(futures.ThreadPoolExecutor(16))
    service = protos.handlers("grpc.testing.TestService", TestService(protos))
    server.add_generic_rpc_handlers((service,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    server.stop(0).wait()


main()
