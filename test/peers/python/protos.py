"""Messages, stubs and handlers made at run time from a FileDescriptorSet: nothing is generated."""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


class Protos:
    @classmethod
    def from_file(cls, path):
        """path: of a binary FileDescriptorSet."""
        with open(path, "rb") as file:
            return cls(descriptor_pb2.FileDescriptorSet.FromString(file.read()))

    def __init__(self, files):
        """files: a FileDescriptorSet whose files come after what they import."""
        self._pool = descriptor_pool.DescriptorPool()
        self._methods = {}
        for file in files.file:
            self._pool.Add(file)
            for service in file.service:
                self._methods[f"{file.package}.{service.name}"] = service.method

    def message(self, name):
        """The class of a message, by its full name."""
        descriptor = self._pool.FindMessageTypeByName(name)
        if hasattr(message_factory, "GetMessageClass"):
            return message_factory.GetMessageClass(descriptor)
        return message_factory.MessageFactory(self._pool).GetPrototype(descriptor)

    def call(self, channel, service, method):
        """The callable of one method of a service."""
        kind, request, response = self.signature(service, method)
        return getattr(channel, kind)(
            f"/{service}/{method}",
            request_serializer=request.SerializeToString,
            response_deserializer=response.FromString,
        )

    def handlers(self, service, implementation):
        """Serves the methods of `implementation` that have names of the service's methods."""
        handlers = {}
        for method in self._methods[service]:
            function = getattr(implementation, method.name, None)
            if function is None:
                continue
            kind, request, response = self.signature(service, method.name)
            handlers[method.name] = getattr(grpc, f"{kind}_rpc_method_handler")(
                function,
                request_deserializer=request.FromString,
                response_serializer=response.SerializeToString,
            )
        return grpc.method_handlers_generic_handler(service, handlers)

    def signature(self, service, name):
        """Kind of a method, such as "unary_stream", and the classes of request and response."""
        method = next(method for method in self._methods[service] if method.name == name)
        sides = (method.client_streaming, method.server_streaming)
        kind = "_".join("stream" if streams else "unary" for streams in sides)
        request = self.message(method.input_type.lstrip("."))
        response = self.message(method.output_type.lstrip("."))
        return kind, request, response
