import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";

/** Turns the messages of one type into bytes and back. */
export interface Codec<Desc extends DescMessage = DescMessage> {
  readonly schema: Desc;
  /** Completes an initializer to a message; a message is returned as it is. */
  create(init: MessageInitShape<Desc>): MessageShape<Desc>;
  /** @throws Error when a field holds a value that its type cannot carry. */
  encode(message: MessageShape<Desc>): Buffer;
  /** @throws Error when the bytes are not a message of this type. */
  decode(bytes: Uint8Array): MessageShape<Desc>;
}

/** The codec of protobuf-es itself, which walks the descriptor of the message. */
export function reflectCodec<Desc extends DescMessage>(schema: Desc): Codec<Desc> {
  return {
    schema,
    create: (init) => create(schema, init),
    encode: (message) => {
      const bytes = toBinary(schema, message);
      // grpc-js calls Buffer's own methods on what it sends.
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
    decode: (bytes) => fromBinary(schema, bytes),
  };
}
