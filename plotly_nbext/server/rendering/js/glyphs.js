/** What the fonts here lack: characters that become boxes, and families that nobody has installed. */

import { texts } from "./texts.js";
import { listed, short, warn } from "./words.js";

/** What is not seen in any font, and what is no character. */
const UNSEEN = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cs}\p{NChar}]/u;

const NOT_ASCII = /[^\x00-\x7f]/;

/** A code point that is no character, so that no font has it: it looks as all that is missing. */
const MISSING = "\u{10ffff}";

/** Private and unassigned characters: what they look like is for a font to say. */
const NAMELESS = /[\p{Co}\p{Cn}]/u;

/** Debian's fonts, by what they have of characters that have a name. */
const PACKAGES = [
  ["fonts-noto-color-emoji", /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\u20e3]/u],
  ["fonts-noto-cjk", /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\uff00-\uffef]/u],
  ["fonts-noto-core", /[^]/u],
];

/** Who names one of these takes what there is. */
const GENERIC = new RegExp(
  "(?:^|, )(?:(?:ui-)?(?:(?:sans-)?serif|monospace|rounded)|system-ui|-apple-system|" +
    "BlinkMacSystemFont|cursive|emoji|fantasy|math)(?:,|$)",
  "i",
);

/** How many characters and texts of a figure are looked at: more is no text to be read. */
const LOOKS = 5000;

/** The side of a picture of a character, and the size of the character in it, in pixels. */
const [SIDE, SIZE] = [48, 24];

/** Letters whose widths tell fonts apart. */
const PROBE = "mmmmmmmmmmlli";

/** How much is kept of what was found out. */
const KEPT = 20_000;

const canvas = document.createElement("canvas");
canvas.width = canvas.height = SIDE;
const context = canvas.getContext("2d", { willReadFrequently: true });

/** Paint a character and return a number that stands for its picture: how opaque each pixel is. */
function picture(character, family) {
  context.font = `${SIZE}px ${family}`;
  context.clearRect(0, 0, SIDE, SIDE);
  context.fillText(character, SIDE / 4, (SIDE * 3) / 4);
  const pixels = new Uint32Array(context.getImageData(0, 0, SIDE, SIDE).data.buffer);
  return pixels.reduce((hash, pixel) => Math.imul(hash ^ (pixel >>> 24), 16777619), 2166136261);
}

function width(text, family) {
  context.font = `${SIZE}px ${family}`;
  return context.measureText(text).width;
}

/** Return a function with a memory: a page draws the same texts over and over. */
function remembering(find) {
  const found = new Map();
  return (key, ...details) => {
    if (!found.has(key)) {
      if (found.size === KEPT) found.clear();
      found.set(key, find(key, ...details));
    }
    return found.get(key);
  };
}

const box = remembering((family) => picture(MISSING, family));

const isMissing = remembering(
  (_, character, family) => picture(character, family) === box(family),
);

/** Whether a text looks as if its fonts had not been named. */
const isFallback = (text, family) =>
  ["serif", "monospace"].every(
    (other) => width(text, `${family}, ${other}`) === width(text, other),
  );

/** Whether none of these fonts is here, or none with letters: there are fonts of icons alone. */
const hasNoLetters = remembering(
  (family) =>
    !GENERIC.test(family) &&
    isFallback(PROBE, family) &&
    width(PROBE, "serif") !== width(PROBE, "monospace"),
);

const codePoint = (character) =>
  `U+${character.codePointAt().toString(16).toUpperCase().padStart(4, "0")}`;

/** Write a character, if there is one to be known, and its code point. */
function named(character) {
  if (NAMELESS.test(character)) return codePoint(character);
  const stand = /\p{M}/u.test(character) ? "◌" : ""; // for a mark
  return `${stand}${character} (${codePoint(character)})`;
}

/** Say which characters are missing, and where they may be had. */
function ofCharacters(missing) {
  const list = listed(missing, named);
  const [what, how] =
    missing.length > 1
      ? ["characters", "they are drawn as boxes"]
      : ["character", "it is drawn as a box"];
  const known = missing.filter((character) => !NAMELESS.test(character));
  const wanted = known.map((character) => PACKAGES.find(([, has]) => has.test(character))[0]);
  const packages = [...new Set(wanted)].join(", ");
  const advice = packages && ` Debian has fonts for such in: ${packages}.`;
  return `No font here has the ${what} ${list}: ${how}.${advice}`;
}

/** Say which families are missing; of several that a text names, one would do. */
function ofFamilies(absent) {
  const named = (family) => short(family.replaceAll('"', "").replaceAll(", ", " or "));
  return `No font here is called ${listed(absent, named)}: the browser's standard font is used.`;
}

/** Tell what of a plot's texts is not drawn as its author meant it. */
export function warnOfFonts(plot, warnings) {
  const missing = new Set();
  const absent = new Set();
  const seen = new Set();
  let looks = 0;
  for (const { text, asked, element } of texts(plot)) {
    if (looks > LOOKS) break;
    if (asked && !absent.has(asked) && hasNoLetters(asked)) {
      looks += 1;
      if (isFallback(text, asked)) absent.add(asked);
    }
    if (!NOT_ASCII.test(text)) continue;
    const family = asked || getComputedStyle(element).fontFamily; // computing takes a while
    for (const character of new Set(text.normalize())) {
      const key = `${family}\n${character}`;
      if (!NOT_ASCII.test(character) || UNSEEN.test(character) || seen.has(key)) continue;
      if (++looks > LOOKS) break;
      seen.add(key);
      if (isMissing(key, character, family)) missing.add(character);
    }
  }
  if (missing.size) warn(warnings, ofCharacters([...missing]));
  if (absent.size) warn(warnings, ofFamilies([...absent]));
}
