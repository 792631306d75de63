import { cleanUp } from "../../runtime/support/echo.ts";
import { FrameProxy } from "./frame-proxy.ts";

/** Puts a proxy in front of a port for one test. */
export async function proxyTo(port: number): Promise<{ proxy: FrameProxy; address: string }> {
  const proxy = new FrameProxy(port);
  cleanUp(() => proxy.close());
  return { proxy, address: await proxy.start() };
}
