/** An RPC or service that has another name in the protos now. */
export interface Rename {
  /** `rename` moves the code of `from`; `copy` starts the handlers of `to` as copies of those of `from`. */
  readonly kind: "rename" | "copy";
  /** Full name: `user.UserService`, or `user.UserService/GetUser`. */
  readonly from: string;
  readonly to: string;
}

/** The flag that asks for it. */
export function renameFlag({ kind, from, to }: Rename): string {
  return `--${kind} ${from}=${to}`;
}
