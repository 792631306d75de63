// The message that every stack sends, and its bytes for those that send bytes.

export const sampleUser = {
  id: 42,
  name: "Ada Lovelace",
  email: "ada.lovelace@example.com",
  age: 36,
  hobbies: ["mathematics", "music", "horses"],
  status: 1,
};

/** By hand: some stacks load no protobuf library. */
export const sampleUserBytes = Buffer.concat([
  Buffer.of(0x08, sampleUser.id),
  text(0x12, sampleUser.name),
  text(0x1a, sampleUser.email),
  Buffer.of(0x20, sampleUser.age),
  ...sampleUser.hobbies.map((hobby) => text(0x2a, hobby)),
  Buffer.of(0x30, sampleUser.status),
]);

function text(tag, value) {
  return Buffer.concat([Buffer.of(tag, value.length), Buffer.from(value)]);
}

/** The message `{ int32 = 1 }`, which requests and counting replies are. */
export function numberBytes(value) {
  const bytes = [0x08];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

export function numberIn(bytes) {
  let value = 0;
  for (let at = 1; at < bytes.length; at += 1) value |= (bytes[at] & 0x7f) << (7 * (at - 1));
  return value;
}
