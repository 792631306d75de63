"""Learns a service by reflection and calls it: reflection.py DESCRIPTORS VERSION ADDRESS.

The descriptors are those of reflection itself. Prints the services of the server, and what
runtime.test.Echo/Unary answers to {"text": "hello"}.
"""

import sys

import grpc
from google.protobuf import descriptor_pb2, json_format

from json_lines import write
from protos import Protos


class Reflection:
    def __init__(self, protos, channel, version):
        service = f"grpc.reflection.{version}.ServerReflection"
        self._request = protos.message(f"grpc.reflection.{version}.ServerReflectionRequest")
        self._ask = protos.call(channel, service, "ServerReflectionInfo")

    def services(self):
        response = self._one(list_services="")
        return [service.name for service in response.list_services_response.service]

    def files_of(self, symbol):
        """The file that declares a symbol and all it imports, imported ones first."""
        files = {}
        self._add(files, file_containing_symbol=symbol)
        return descriptor_pb2.FileDescriptorSet(file=files.values())

    def _add(self, files, **question):
        response = self._one(**question)
        for serialized in response.file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(serialized)
            for name in file.dependency:
                if name not in files:
                    self._add(files, file_by_filename=name)
            files.setdefault(file.name, file)

    def _one(self, **question):
        (response,) = self._ask(iter([self._request(**question)]), timeout=10)
        return response


def main():
    descriptors, version, address = sys.argv[1:]
    with grpc.insecure_channel(address) as channel:
        reflection = Reflection(Protos.from_file(descriptors), channel, version)
        service = "runtime.test.Echo"
        protos = Protos(reflection.files_of(service))
        request = protos.message("runtime.test.EchoRequest")(text="hello")
        response = protos.call(channel, service, "Unary")(request, timeout=10)
        write({"services": reflection.services(), "reply": json_format.MessageToDict(response)})


main()
