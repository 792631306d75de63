let viewed: Buffer | undefined;
const none = new DataView(new ArrayBuffer(0));
let view: DataView = none;

/** A view of memory that messages are written to: the last one is kept, since many share it. */
export function viewOf(bytes: Buffer): DataView {
  if (bytes !== viewed) {
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    viewed = bytes;
  }
  return view;
}

/** Drops the reference to memory that only one message has. */
export function forgetView(): void {
  viewed = undefined;
  view = none;
}
