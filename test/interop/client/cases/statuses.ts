import type { Peer } from "../peer.ts";
import { expectStatus } from "./expect-status.ts";

export async function statusCodeAndMessage({ test }: Peer): Promise<void> {
  const message = "test status message";
  const responseStatus = { code: 2, message };
  await expectStatus(test.unaryCall({ responseStatus }), "UNKNOWN", message);
  await expectStatus(test.fullDuplexCall([{ responseStatus }]), "UNKNOWN", message);
}

export async function specialStatusMessage({ test }: Peer): Promise<void> {
  const message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
  await expectStatus(test.unaryCall({ responseStatus: { code: 2, message } }), "UNKNOWN", message);
}

export async function unimplementedMethod({ test }: Peer): Promise<void> {
  await expectStatus(test.unimplementedCall({}), "UNIMPLEMENTED");
}

export async function unimplementedService({ unimplemented }: Peer): Promise<void> {
  await expectStatus(unimplemented.unimplementedCall({}), "UNIMPLEMENTED");
}
