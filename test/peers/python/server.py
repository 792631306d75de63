"""Serves runtime.test.Echo; starts and stops servers as it is told, one JSON object a line.

A call says in its metadata `x-do` what is to be done beside echoing, and every call that was told
to wait is told of when it is over.
"""

import json
import sys
import threading
from concurrent import futures

import grpc

import credentials
import status_details
from json_lines import write
from protos import Protos


class Echo:
    def __init__(self, protos):
        self._protos = protos
        self._reply = protos.message("runtime.test.EchoReply")

    def Unary(self, request, context):
        self._prepare(context)
        return self._answer(request, context)

    def ServerStream(self, request, context):
        self._prepare(context)
        for number in range(request.number):
            yield self._reply(text=request.text, number=number, data=request.data)
        self._wait_if_asked(context)

    def ClientStream(self, requests, context):
        self._prepare(context)
        received = list(requests)
        return self._reply(
            text=" ".join(request.text for request in received),
            number=sum(request.number for request in received),
            data=b"".join(request.data for request in received),
        )

    def Bidi(self, requests, context):
        self._prepare(context)
        for request in requests:
            yield self._answer(request, context)

    def _answer(self, request, context):
        if asked(context, "tell-remaining"):
            # Without a deadline there are ages left, which no field can hold.
            return self._reply(number=int(min(context.time_remaining(), 1e6) * 1000))
        return self._reply(text=request.text, number=request.number, data=request.data)

    def _prepare(self, context):
        echoed = [pair for pair in context.invocation_metadata() if pair[0].startswith("x-echo")]
        if asked(context, "gzip"):
            context.set_compression(grpc.Compression.Gzip)
        context.send_initial_metadata(echoed)
        context.set_trailing_metadata(echoed)
        if asked(context, "raise"):
            raise ValueError("a bug")
        if asked(context, "fail"):
            self._fail(**json.loads(value_of(context, "x-status-bin")), context=context)
        self._wait_if_asked(context, "wait")

    def _wait_if_asked(self, context, word="wait-at-end"):
        if not asked(context, word):
            return
        over = threading.Event()
        if context.add_callback(over.set):
            write({"event": "waiting"})
            over.wait()
        write({"event": "over"})

    def _fail(self, code, message, details, context):
        number = getattr(grpc.StatusCode, code).value[0]
        if details:
            packed = status_details.pack(self._protos, number, message, details)
            context.set_trailing_metadata((packed,))
        context.abort(getattr(grpc.StatusCode, code), message)


def asked(context, word):
    return word in [value for key, value in context.invocation_metadata() if key == "x-do"]


def value_of(context, key):
    return dict(context.invocation_metadata())[key]


class Servers:
    """One server at a time."""

    def __init__(self, protos):
        self._protos = protos
        self._server = None

    def start(self, port=0, tls=None, options=None):
        arguments = [(name, value) for name, value in (options or {}).items()]
        self._server = grpc.server(futures.ThreadPoolExecutor(16), options=arguments)
        echo = self._protos.handlers("runtime.test.Echo", Echo(self._protos))
        self._server.add_generic_rpc_handlers((echo,))
        address = f"127.0.0.1:{port}"
        if tls is None:
            return self._server.add_insecure_port(address), self._server.start()
        port = self._server.add_secure_port(address, credentials.of_server(tls))
        return port, self._server.start()

    def stop(self, grace):
        self._server.stop(grace).wait()


def main():
    servers = Servers(Protos.from_file(sys.argv[1]))
    for line in sys.stdin:
        command = json.loads(line)
        if "start" in command:
            write({"reply": servers.start(**command["start"])[0]})
        else:
            # Not here: calls of the server go on, and so may commands.
            stopping = threading.Thread(target=stop, args=(servers, command["stop"]), daemon=True)
            stopping.start()


def stop(servers, grace):
    servers.stop(grace)
    write({"reply": "stopped"})


main()
