/** LaTeX: text between dollar signs, which plotly.js hands to MathJax. */

import { warn } from "./words.js";

/** How many formulas are told to be wrong. */
const TOLD = 3;

/** The length to which a formula is quoted. */
const QUOTED = 60;

let mathjax; // loaded with the first figure that has LaTeX

/** Whether the JSON of a figure has two dollar signs; without them, nothing is LaTeX. */
export const mentionsMath = (text) =>
  text.indexOf("$") !== text.lastIndexOf("$") || text.includes("\\u0024");

/** Have MathJax ready for a figure, without what the last one has defined. */
export async function prepareMath() {
  mathjax ??= await import("/static/mathjax.js");
  mathjax.begin();
}

const quote = (formula) =>
  formula.length > QUOTED ? `${formula.slice(0, QUOTED)}…` : formula;

/** Where plotly.js finds LaTeX in a text; it draws nothing of what stands around. */
const FIRST_FORMULA = /\$+[^$]*\$+/;

/** What of a text with LaTeX would be seen, were it drawn. */
const beside = (text) => text.replace(FIRST_FORMULA, "").replace(/<[^>]*>/g, "").trim();

/** Tell of the texts that a plot has lost because a part of them was typeset. */
export function warnOfLostText(plot, warnings) {
  const typeset = [...plot.querySelectorAll('[data-math="Y"]')].map((group) =>
    group.getAttribute("data-unformatted"),
  );
  const [text, ...others] = new Set(typeset.filter(beside));
  if (text === undefined) return;
  const more = others.length ? ` (and that of others: ${others.length})` : "";
  warn(
    warnings,
    `The figure's text "${quote(text)}" has text beside its LaTeX, of which nothing is drawn${more}; ` +
      `"typesetMath": false in the figure's config leaves dollars alone.`,
  );
}

/** Tell what MathJax found wrong in a figure's LaTeX. */
export function warnOfMath(warnings) {
  const sentences = mathjax
    .complaints()
    .map(({ formula, complaint }) => `The LaTeX ${quote(formula)} is not right: ${complaint}.`);
  const different = [...new Set(sentences)];
  for (const sentence of different.slice(0, TOLD)) warn(warnings, sentence);
  if (different.length > TOLD) {
    warn(warnings, `Mistakes in the figure's LaTeX beyond these: ${different.length - TOLD}.`);
  }
}
