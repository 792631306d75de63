/** Eight bytes to take numbers apart and put them together: always little endian, as on the wire. */
export const scratchBytes: Uint8Array = new Uint8Array(8);
export const scratch: DataView = new DataView(scratchBytes.buffer);
