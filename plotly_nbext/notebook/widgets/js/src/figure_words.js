/** @import { AnyModel } from "@anywidget/types" */
/** @import { FigureModel } from "./figure_model.js" */

import { button, element } from "./dom.js";

/**
 * What the image shows in words, to be read and written by those who see it.
 *
 * @param {AnyModel<FigureModel>} model
 */
export function figureWords(model) {
  const text = element("textarea", {
    rows: 2,
    onchange() {
      model.set("alt", text.value.trim());
      model.save_changes();
    },
  });
  const row = element("label", { className: "pnx-words", hidden: true }, "Alt text", text);
  const opener = button({ text: "Alt text" }, () => {
    row.hidden = !row.hidden;
    opener.setAttribute("aria-expanded", String(!row.hidden));
    if (!row.hidden) text.focus();
  });
  opener.setAttribute("aria-expanded", "false");
  return {
    opener,
    row,
    update() {
      if (!text.matches(":focus")) text.value = model.get("alt");
    },
  };
}
