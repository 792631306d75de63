// grpc-js without a codec: bytes in, fixed bytes out.
import { numberBytes, numberIn, sampleUserBytes } from "../sample.mjs";
import { usersImplementation } from "./grpc-js-handlers.mjs";
import { serve } from "./serve-grpc-js.mjs";

const same = (bytes) => bytes;

function method(path, requestStream, responseStream) {
  return {
    path: `/bench.Users/${path}`,
    requestStream,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  };
}

serve(
  {
    getUser: method("GetUser", false, false),
    streamUsers: method("StreamUsers", false, true),
    createUsers: method("CreateUsers", true, false),
    chatWithUsers: method("ChatWithUsers", true, true),
  },
  usersImplementation({
    user: () => sampleUserBytes,
    count: numberIn,
    counted: numberBytes,
    echo: same,
  }),
);
