/** Most characters of one event: a token takes some hundred. */
const maxEventLength = 65_536;

/**
 * The data of each event in a stream of server-sent events (WHATWG HTML, 9.2). Comments, names and ids of events
 * are skipped, and so is an event without its end. Chunks may be split anywhere, also inside a character.
 *
 * @throws TypeError for bytes that are not UTF-8; RangeError for an event that is too long
 */
export async function* serverSentEvents(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = "";
  let event = new PendingEvent();
  let afterReturn = false;
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true });
    if (text === "") continue;
    // The second half of a line end that was split.
    if (afterReturn && text.startsWith("\n")) text = text.slice(1);
    afterReturn = text.endsWith("\r");
    const [first = "", ...others] = text.split(/\r\n|\r|\n/);
    line += first;
    for (const next of others) {
      if (line !== "") event.add(line);
      else {
        if (event.data !== undefined) yield event.data;
        event = new PendingEvent();
      }
      line = next;
    }
    event.checkLength(line);
  }
}

/** The lines of an event so far. */
class PendingEvent {
  data: string | undefined;
  #length = 0;

  add(line: string): void {
    this.checkLength(line);
    this.#length += line.length;
    const field = /^data(?:: ?(.*))?$/s.exec(line);
    if (field === null) return;
    const value = field[1] ?? "";
    this.data = this.data === undefined ? value : `${this.data}\n${value}`;
  }

  /** Lines that carry no data count too. */
  checkLength(line: string): void {
    if (this.#length + line.length > maxEventLength) {
      throw new RangeError(`an event has more than ${maxEventLength} characters`);
    }
  }
}
