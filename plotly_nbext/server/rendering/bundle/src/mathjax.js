/**
 * MathJax as plotly.js wants it: TeX in, SVG out, all in one file, nothing fetched.
 *
 * plotly.js 3 knows MathJax 2 and 3, plotly.js 4 knows 3 and 4. What is typeset belongs to one figure:
 * definitions are forgotten between figures, and what could reach for the network is left out.
 */

import { browserAdaptor } from "mathjax-full/js/adaptors/browserAdaptor.js";
import { MathJax, combineWithMathJax } from "mathjax-full/js/components/global.js";
import { Startup } from "mathjax-full/js/components/startup.js";
import * as MathItem from "mathjax-full/js/core/MathItem.js";
import * as SerializedMmlVisitor from "mathjax-full/js/core/MmlTree/SerializedMmlVisitor.js";
import { HTMLHandler } from "mathjax-full/js/handlers/html/HTMLHandler.js";
import { mathjax } from "mathjax-full/js/mathjax.js";
import { SVG } from "mathjax-full/js/output/svg.js";

import { FigureTeX } from "./figure_tex.js";

export { begin, complaints } from "./figure_tex.js";

combineWithMathJax({
  _: {
    core: { MathItem, MmlTree: { SerializedMmlVisitor } },
    mathjax: { mathjax },
    output: { svg_ts: { SVG } },
  },
});
MathJax.config.startup.typeset = false;
Startup.registerConstructor("tex", FigureTeX);
Startup.useInput("tex");
Startup.registerConstructor("svg", SVG);
Startup.useOutput("svg");
Startup.registerConstructor("HTMLHandler", HTMLHandler);
Startup.useHandler("HTMLHandler");
Startup.registerConstructor("browserAdaptor", browserAdaptor);
Startup.useAdaptor("browserAdaptor");
Startup.defaultReady();
