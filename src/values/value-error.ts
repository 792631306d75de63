/** There is no example value of a message, or none was found. The message is one line. */
export class ValueError extends Error {
  override readonly name = "ValueError";
}
