/** The host of `host:port`; an IPv6 host stays in brackets. */
export function hostOf(address: string): string {
  return address.replace(/:\d+$/, "");
}

/** Whether `host` can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
}
