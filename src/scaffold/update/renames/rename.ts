/** An RPC, service, message or enum that has another name in the protos now. */
export interface Rename {
  /** `rename` moves the code of `from`; `copy` starts the handlers of `to` as copies of those of `from`. */
  readonly kind: "rename" | "copy";
  /** Full name: `user.UserService`, or `user.UserService/GetUser`. */
  readonly from: string;
  readonly to: string;
  /** What else changed: `is now: server streaming (was: unary)`. */
  readonly change?: string;
}

/** `user.UserService/Get -> user.UserService/Fetch, which is now: server streaming (was: unary)` */
export function renameText({ from, to, change = "" }: Rename): string {
  return `${from} -> ${to}${change === "" ? "" : `, which ${change}`}`;
}

/** The flag that asks for it. */
export function renameFlag({ kind, from, to }: Rename): string {
  return `--${kind} ${from}=${to}`;
}
