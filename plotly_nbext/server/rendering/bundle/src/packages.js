/** The packages of TeX, and two of our own that depend on nothing that is loaded later. */

import { Configuration } from "mathjax-full/js/input/tex/Configuration.js";
import { CommandMap } from "mathjax-full/js/input/tex/SymbolMap.js";
import TexError from "mathjax-full/js/input/tex/TexError.js";

import "mathjax-full/js/input/tex/action/ActionConfiguration.js";
import "mathjax-full/js/input/tex/ams/AmsConfiguration.js";
import "mathjax-full/js/input/tex/amscd/AmsCdConfiguration.js";
import "mathjax-full/js/input/tex/base/BaseConfiguration.js";
import "mathjax-full/js/input/tex/bbox/BboxConfiguration.js";
import "mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js";
import "mathjax-full/js/input/tex/braket/BraketConfiguration.js";
import "mathjax-full/js/input/tex/bussproofs/BussproofsConfiguration.js";
import "mathjax-full/js/input/tex/cancel/CancelConfiguration.js";
import "mathjax-full/js/input/tex/cases/CasesConfiguration.js";
import "mathjax-full/js/input/tex/centernot/CenternotConfiguration.js";
import "mathjax-full/js/input/tex/color/ColorConfiguration.js";
import "mathjax-full/js/input/tex/colortbl/ColortblConfiguration.js";
import "mathjax-full/js/input/tex/configmacros/ConfigMacrosConfiguration.js";
import "mathjax-full/js/input/tex/empheq/EmpheqConfiguration.js";
import "mathjax-full/js/input/tex/enclose/EncloseConfiguration.js";
import "mathjax-full/js/input/tex/extpfeil/ExtpfeilConfiguration.js";
import "mathjax-full/js/input/tex/gensymb/GensymbConfiguration.js";
import "mathjax-full/js/input/tex/mathtools/MathtoolsConfiguration.js";
import "mathjax-full/js/input/tex/mhchem/MhchemConfiguration.js";
import "mathjax-full/js/input/tex/newcommand/NewcommandConfiguration.js";
import "mathjax-full/js/input/tex/physics/PhysicsConfiguration.js";
import "mathjax-full/js/input/tex/textcomp/TextcompConfiguration.js";
import "mathjax-full/js/input/tex/textmacros/TextMacrosConfiguration.js";
import "mathjax-full/js/input/tex/unicode/UnicodeConfiguration.js";
import "mathjax-full/js/input/tex/upgreek/UpgreekConfiguration.js";
import "mathjax-full/js/input/tex/verb/VerbConfiguration.js";

/** Those that change what others mean (physics makes \div a divergence): on by \require alone. */
const BY_REQUIRE = ["physics", "textcomp", "textmacros"];

/** Those that are on: what MathJax starts with, or turns on by itself when one of their macros is used. */
export const PACKAGES = [
  ...["action", "ams", "amscd", "base", "bbox", "boldsymbol", "braket", "bussproofs", "cancel", "cases"],
  ...["centernot", "color", "colortbl", "configmacros", "empheq", "enclose", "extpfeil", "gensymb"],
  ...["mathtools", "mhchem", "newcommand", "unicode", "upgreek", "verb", "require", "undefined"],
];

new CommandMap(
  "require",
  { require: "Require" },
  {
    Require(parser, name) {
      const wanted = parser.GetArgument(name);
      const { jax, required } = parser.configuration.packageData.get("require");
      if (PACKAGES.includes(wanted) || required.has(wanted)) return;
      if (!BY_REQUIRE.includes(wanted)) {
        throw new TexError("UnknownPackage", 'There is no package "%1" here', wanted);
      }
      required.add(wanted);
      jax.configuration.add(wanted, jax, {});
    },
  },
);

Configuration.create("require", {
  handler: { macro: ["require"] },
  config(_, jax) {
    jax.parseOptions.packageData.set("require", { jax, required: new Set() });
  },
});

/** Words in place of a formula; MathJax's own box for errors is black without its style sheet. */
export const inRed = (factory, words) =>
  factory.create("node", "mtext", [factory.create("text", words)], { mathcolor: "red" });

/** A macro that is not defined is drawn in red, and told. */
Configuration.create("undefined", {
  fallback: {
    macro(parser, name) {
      parser.options.onUndefined(name);
      parser.Push(inRed(parser.configuration.nodeFactory, `\\${name}`));
    },
  },
  options: { onUndefined: null },
  priority: 3,
});
