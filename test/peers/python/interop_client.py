"""Runs interop cases against a server: interop_client.py DESCRIPTORS ADDRESS CASE..."""

import json
import queue
import sys

import grpc

from protos import Protos

SERVICE = "grpc.testing.TestService"
REQUEST_SIZES = [27182, 8, 1828, 45904]
RESPONSE_SIZES = [31415, 9, 2653, 58979]
INITIAL = ("x-grpc-test-echo-initial", "test_initial_metadata_value")
TRAILING = ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")
TIMEOUT = 15


class Cases:
    def __init__(self, protos, channel):
        self._protos = protos
        self._channel = channel
        self._simple = protos.message("grpc.testing.SimpleRequest")
        self._input = protos.message("grpc.testing.StreamingInputCallRequest")
        self._output = protos.message("grpc.testing.StreamingOutputCallRequest")
        self._empty = protos.message("grpc.testing.Empty")

    def empty_unary(self):
        response = self._call("EmptyCall")(self._empty(), timeout=TIMEOUT)
        equal(response.ByteSize(), 0)

    def large_unary(self, **options):
        request = self._simple(response_size=314159, payload={"body": bytes(271828)})
        response = self._call("UnaryCall")(request, timeout=TIMEOUT, **options)
        equal(response.payload.body, bytes(314159))

    def client_compressed_payloads(self):
        """Not an official case: theirs needs a server that tells how a request came."""
        self.large_unary(compression=grpc.Compression.Gzip)
        self.large_unary(compression=grpc.Compression.Deflate)
        requests = (self._input(payload={"body": bytes(size)}) for size in REQUEST_SIZES)
        call = self._call("StreamingInputCall")
        response = call(requests, timeout=TIMEOUT, compression=grpc.Compression.Gzip)
        equal(response.aggregated_payload_size, sum(REQUEST_SIZES))

    def client_streaming(self):
        requests = (self._input(payload={"body": bytes(size)}) for size in REQUEST_SIZES)
        response = self._call("StreamingInputCall")(requests, timeout=TIMEOUT)
        equal(response.aggregated_payload_size, 74922)

    def server_streaming(self):
        request = self._output(response_parameters=[{"size": size} for size in RESPONSE_SIZES])
        responses = self._call("StreamingOutputCall")(request, timeout=TIMEOUT)
        equal([len(response.payload.body) for response in responses], RESPONSE_SIZES)

    def ping_pong(self):
        requests = Requests()
        responses = self._call("FullDuplexCall")(requests, timeout=TIMEOUT)
        for size, answer in zip(REQUEST_SIZES, RESPONSE_SIZES):
            requests.send(self._ping(size, answer))
            equal(len(next(responses).payload.body), answer)
        requests.end()
        equal(list(responses), [])

    def empty_stream(self):
        equal(list(self._call("FullDuplexCall")(iter(()), timeout=TIMEOUT)), [])

    def timeout_on_sleeping_server(self):
        requests = Requests()
        requests.send(self._output(payload={"body": bytes(27182)}))
        responses = self._call("FullDuplexCall")(requests, timeout=0.001)
        ends_with(responses, grpc.StatusCode.DEADLINE_EXCEEDED)
        requests.end()

    def cancel_after_begin(self):
        requests = Requests()
        call = self._call("StreamingInputCall").future(requests, timeout=TIMEOUT)
        call.cancel()
        requests.end()
        equal(call.cancelled(), True)
        equal(call.code(), grpc.StatusCode.CANCELLED)

    def cancel_after_first_response(self):
        requests = Requests()
        responses = self._call("FullDuplexCall")(requests, timeout=TIMEOUT)
        requests.send(self._ping(REQUEST_SIZES[0], RESPONSE_SIZES[0]))
        equal(len(next(responses).payload.body), RESPONSE_SIZES[0])
        responses.cancel()
        ends_with(responses, grpc.StatusCode.CANCELLED)
        requests.end()

    def custom_metadata(self):
        options = {"metadata": (INITIAL, TRAILING), "timeout": TIMEOUT}
        payload = {"body": bytes(271828)}
        request = self._simple(response_size=314159, payload=payload)
        _, call = self._call("UnaryCall").with_call(request, **options)
        echoes(call)
        request = self._output(response_parameters=[{"size": 314159}], payload=payload)
        call = self._call("FullDuplexCall")(iter((request,)), **options)
        equal([len(response.payload.body) for response in call], [314159])
        echoes(call)

    def status_code_and_message(self):
        status = {"code": 2, "message": "test status message"}
        self._ends_with_echoed(status)
        request = self._output(response_status=status)
        responses = self._call("FullDuplexCall")(iter((request,)), timeout=TIMEOUT)
        ends_with(responses, grpc.StatusCode.UNKNOWN, status["message"])

    def special_status_message(self):
        text = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
        self._ends_with_echoed({"code": 2, "message": text})

    def unimplemented_method(self):
        call = self._call("UnimplementedCall").future(self._empty(), timeout=TIMEOUT)
        equal(call.code(), grpc.StatusCode.UNIMPLEMENTED)

    def unimplemented_service(self):
        service = "grpc.testing.UnimplementedService"
        call = self._protos.call(self._channel, service, "UnimplementedCall")
        equal(call.future(self._empty(), timeout=TIMEOUT).code(), grpc.StatusCode.UNIMPLEMENTED)

    def cacheable_unary(self):
        """Without a proxy only the header can be looked at."""
        call = self._call("CacheableUnaryCall").future(self._simple(), timeout=TIMEOUT)
        equal(dict(call.initial_metadata())["cache-control"], "max-age=60, public")

    def _ends_with_echoed(self, status):
        request = self._simple(response_status=status)
        call = self._call("UnaryCall").future(request, timeout=TIMEOUT)
        equal(call.code(), grpc.StatusCode.UNKNOWN)
        equal(call.details(), status["message"])

    def _ping(self, size, answer):
        return self._output(response_parameters=[{"size": answer}], payload={"body": bytes(size)})

    def _call(self, method):
        return self._protos.call(self._channel, SERVICE, method)


class Requests:
    """Requests sent one by one."""

    def __init__(self):
        self._queue = queue.Queue()

    def send(self, request):
        self._queue.put(request)

    def end(self):
        self._queue.put(None)

    def __iter__(self):
        return self

    def __next__(self):
        request = self._queue.get()
        if request is None:
            raise StopIteration
        return request


def echoes(call):
    equal(dict(call.initial_metadata())[INITIAL[0]], INITIAL[1])
    equal(dict(call.trailing_metadata())[TRAILING[0]], TRAILING[1])


def ends_with(responses, code, details=None):
    try:
        for _ in responses:
            pass
    except grpc.RpcError:
        pass
    equal(responses.code(), code)
    if details is not None:
        equal(responses.details(), details)


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r:.200} is not {expected!r:.200}")


def problem_of(case):
    try:
        case()
        return None
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def main():
    """Prints one line of JSON: for each case what went wrong, or null."""
    descriptors, address, *names = sys.argv[1:]
    with grpc.insecure_channel(address) as channel:
        cases = Cases(Protos.from_file(descriptors), channel)
        print(json.dumps({name: problem_of(getattr(cases, name)) for name in names}))


main()
