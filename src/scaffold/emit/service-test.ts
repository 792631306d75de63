import type { ServiceModel } from "../../plugin/model.ts";
import { Imports } from "../../print/imports.ts";
import { printDoc } from "../../print/layout.ts";
import { call } from "../../print/syntax.ts";
import { genModule } from "./names.ts";

/**
 * Prints `test/services/<service>/index.test.ts`: every RPC is registered and passes the interceptors. The
 * test reads the generated definition, so it covers RPCs that are added later.
 */
export function printServiceTest(service: ServiceModel): string {
  const imports = new Imports(["passThrough"]);
  for (const name of ["Client", "credentials", "status"]) imports.value(name, "@grpc/grpc-js");
  for (const name of ["expect", "test"]) imports.value(name, "vitest");
  const definition = imports.value(
    service.definitionName,
    `../../../src/gen/${genModule(service)}`,
  );
  imports.value("startApp", "../../start-app.ts");
  const loop = printDoc(["for (const { path } of ", call("Object.values", definition), ") {"], 4);
  const title = `every RPC of ${service.typeName} refuses a caller without a token`;
  return `${imports.print()}

const passThrough = (message: Buffer) => message;

test(${JSON.stringify(title)}, async () => {
  const app = await startApp();
  const client = new Client(app.address, credentials.createInsecure());
  try {
    // This fits streams too: they are refused before a message is read.
${loop}
      const error = await new Promise((resolve) => {
        client.makeUnaryRequest(path, passThrough, passThrough, Buffer.alloc(0), resolve);
      });
      expect(error, path).toMatchObject({ code: status.UNAUTHENTICATED });
    }
  } finally {
    client.close();
    await app.close();
  }
});
`;
}
