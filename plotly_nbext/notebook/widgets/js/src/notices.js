/** @import { AnyModel } from "@anywidget/types" */
/** @import { GridModel, Problem } from "./grid_model.js" */
/** @import { Actions } from "./actions.js" */

import { button, element } from "./dom.js";
import { icon } from "./icons.js";

/**
 * What has to be known or decided before going on: a conflict, a failure.
 *
 * @param {AnyModel<GridModel>} model
 * @param {Actions} actions
 */
export function notices(model, actions) {
  const made = element("div", { className: "pnx-notices", role: "alert" });
  /** @type {Problem} What the last command said. */
  let problem = {};
  let shown = "";

  const update = () => {
    const conflict = model.get("conflict");
    // A conflict says all of it, and more than the command that ran into it.
    const said = [conflict.message ? {} : problem, model.get("error")];
    const failed = said.find(({ message }) => message);
    const state = JSON.stringify([conflict, failed]);
    if (state === shown) return;
    shown = state;
    made.replaceChildren();
    if (conflict.message) {
      const keep = button({ text: "Save mine too" }, actions.rebase);
      keep.title = "What others changed elsewhere stays.";
      keep.hidden = conflict.can_rebase === false;
      const drop = button({ text: "Drop my changes" }, actions.refresh);
      made.append(notice("warning", conflict.message, keep, drop));
    }
    if (failed?.message) {
      const close = button({ label: "Close", icon: icon("close"), className: "pnx-quiet" }, () => {
        problem = {};
        if (model.get("error").message) {
          model.set("error", {});
          model.save_changes();
        }
        update();
        actions.focus();
      });
      made.append(notice("error", failed.message, close));
    }
  };
  return {
    element: made,
    update,

    /** @param {Problem} what */
    say(what) {
      problem = what;
      update();
    },
  };
}

/**
 * @param {"warning" | "error"} kind
 * @param {string} text
 * @param {...Node} buttons
 */
function notice(kind, text, ...buttons) {
  return element(
    "div",
    { className: `pnx-notice pnx-${kind}` },
    element("span", { textContent: text }),
    element("div", {}, ...buttons),
  );
}
