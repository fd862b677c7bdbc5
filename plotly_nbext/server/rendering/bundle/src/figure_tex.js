/** TeX whose definitions last for one figure, and whose result refers to nothing outside of it. */

import { TeX } from "mathjax-full/js/input/tex.js";

import { PACKAGES, inRed } from "./packages.js";

let tex; // of the figure in work
let formula;
let mistakes = [];

/** Forget what the last figure defined. */
export function begin() {
  tex = undefined;
  mistakes = [];
}

/** What is wrong with the TeX of the figure in work: {formula, complaint} each. */
export const complaints = () => mistakes;

const complain = (complaint) => mistakes.push({ formula, complaint });

/** What is a link or has a class in a web page is as the rest in a picture. */
const UNWRAP = ["#2", 2];

/** Attributes that are a web page's, and those that hold a style or a colour. */
const FOREIGN = ["href", "id", "class"];
const STYLES = ["style", "mathcolor", "mathbackground", "color", "background"];

/** A style or colour that names no address. */
const HARMLESS = /^(?!.*url\()[\w\s#%.,:;()+-]*$/is;

function makeTeX() {
  return new TeX({
    packages: PACKAGES,
    ignoreDuplicateLabels: true, // plotly.js has some formulas typeset twice
    macros: { href: UNWRAP, class: UNWRAP, cssId: UNWRAP, style: UNWRAP },
    onUndefined: (name) => complain(`\\${name} is not defined`),
    formatError({ parseOptions: { nodeFactory } }, { message }) {
      complain(message);
      return inRed(nodeFactory, message);
    },
  });
}

/** Take out of a formula what could refer to something on the web. */
function confine(root) {
  root.walkTree(({ attributes }) => {
    const explicit = attributes?.getAllAttributes() ?? {};
    for (const name of FOREIGN) delete explicit[name];
    for (const name of STYLES) {
      if (name in explicit && !HARMLESS.test(explicit[name])) delete explicit[name];
    }
  });
}

export class FigureTeX extends TeX {
  compile(math, document) {
    if (!tex) {
      tex = makeTeX();
      tex.setAdaptor(this.adaptor);
      tex.initialize();
    }
    tex.setMmlFactory(this.mmlFactory);
    // plotly.js writes < and > as macros, which is not the same in \ce{} and \text{}
    math.math = math.math.replace(/\\lt /g, "<").replace(/\\gt /g, ">");
    formula = math.math;
    const root = tex.compile(math, document);
    confine(root);
    return root;
  }
}
