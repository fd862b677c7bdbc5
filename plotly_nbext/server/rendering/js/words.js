/** What a figure's author is told: sentences, short and in plain characters. */

/** How much of a figure's own words a sentence repeats, in characters. */
const QUOTE = 60;

/** How many things a sentence names. */
const NAMED = 5;

/** How many warnings one figure gets, of how many traces alike, and how long each may be. */
const MANY = 50;
const TRACES = 10;
const LONGEST = 400;

/** Half of a character that UTF-16 writes in two, where a text was cut. */
const HALF = /[\ud800-\udbff]$/;

/** Cut a text of the figure to what a sentence bears. */
export const short = (text, length = QUOTE) =>
  text.length > length ? `${text.slice(0, length).replace(HALF, "")}…` : text;

/** What a terminal obeys, or what makes a text look as another: lines, colours, directions. */
const CONTROLS = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** Write such as JSON may. */
export const plain = (text) =>
  text.replace(CONTROLS, (c) => `\\u${c.charCodeAt().toString(16).padStart(4, "0")}`);

export const quote = (text) => plain(JSON.stringify(short(text)));

/** Write the first of these as a list in a sentence. */
export function listed(items, write) {
  const first = items.slice(0, NAMED).map((item) => write(item));
  if (items.length > NAMED) first.push("more");
  const last = first.pop();
  return first.length ? `${first.join(", ")} and ${last}` : last;
}

/** Add a warning, unless there are many. */
export function warn(warnings, sentence) {
  if (warnings.length < MANY) warnings.push(short(plain(sentence), LONGEST));
  else if (warnings.length === MANY) warnings.push("There is more that is missing.");
}

/** Add a warning for each of the first traces, and say of how many more there is the like. */
export function warnOfTraces(warnings, sentences, what) {
  for (const sentence of sentences.slice(0, TRACES)) warn(warnings, sentence);
  const more = sentences.length - TRACES;
  if (more > 0) warn(warnings, `${what}, in traces beyond these: ${more}.`);
}
