/** LaTeX: text between dollar signs, which plotly.js hands to MathJax. */

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

/** Tell what MathJax found wrong in a figure's LaTeX. */
export function warnOfMath(warnings) {
  const sentences = mathjax
    .complaints()
    .map(({ formula, complaint }) => `The LaTeX ${quote(formula)} is not right: ${complaint}.`);
  const different = [...new Set(sentences)];
  warnings.push(...different.slice(0, TOLD));
  if (different.length > TOLD) {
    warnings.push(`Mistakes in the figure's LaTeX beyond these: ${different.length - TOLD}.`);
  }
}
