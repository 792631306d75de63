const unfinished = /[\uD800-\uDBFF]$/;
const unpaired = /\p{Surrogate}/gu;

/**
 * Makes every token valid Unicode. A model may split a character over two tokens: its first half waits for the
 * second. A half without the other becomes U+FFFD. Empty tokens are left out.
 */
export async function* wholeCharacters(tokens: AsyncIterable<string>): AsyncIterable<string> {
  let half = "";
  for await (const token of tokens) {
    const text = half + token;
    half = unfinished.exec(text)?.[0] ?? "";
    const whole = text.slice(0, text.length - half.length).replace(unpaired, "\uFFFD");
    if (whole !== "") yield whole;
  }
  if (half !== "") yield "\uFFFD";
}
