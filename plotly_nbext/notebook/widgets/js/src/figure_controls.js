/** @import { AnyModel } from "@anywidget/types" */
/** @import { FigureModel } from "./figure_model.js" */

import { debounce } from "./debounce.js";
import { element } from "./dom.js";

/** How long the controls must rest before an image is asked for, in milliseconds. */
const QUIET = 300;

const FORMATS = ["png", "jpeg", "webp", "svg", "pdf", "eps"];
/** Formats without pixels, for which scale means nothing. */
const VECTOR = new Set(["svg", "pdf", "eps"]);

/**
 * The controls for format, width, height and scale.
 *
 * @param {AnyModel<FigureModel>} model
 */
export function figureControls(model) {
  const format = element(
    "select",
    {},
    ...FORMATS.map((value) => element("option", { value, textContent: value.toUpperCase() })),
  );
  const width = numberInput({ min: 1, title: "In CSS pixels" });
  const height = numberInput({ min: 1, title: "In CSS pixels" });
  const scale = numberInput({ min: 0.1, step: "any", title: "Pixels per CSS pixel" });
  const numbers = /** @type {const} */ ({ width, height, scale });

  const hint = element("span", { className: "pnx-hint", role: "alert" });
  // What is being typed is not overwritten by what the model says meanwhile.
  let isEdited = false;
  const apply = () => {
    const wrong = Object.values(numbers).find((input) => !input.validity.valid);
    hint.textContent = wrong?.validationMessage ?? "";
    if (wrong) return;
    model.set("format", format.value);
    for (const [name, input] of entries(numbers)) {
      model.set(name, input.value === "" ? null : input.valueAsNumber);
    }
    // Not before: each of them is a change, at which the others would be overwritten.
    isEdited = false;
    model.save_changes();
  };
  const { soon, flush, cancel } = debounce(apply, QUIET);

  const group = element(
    "div",
    { className: "pnx-controls", role: "group", "aria-label": "Options" },
    element("label", {}, element("span", {}, "Format"), format),
    element("label", {}, "Width", width),
    element("label", {}, "Height", height),
    element("label", {}, "Scale", scale),
    hint,
  );
  group.oninput = () => {
    isEdited = true;
    soon();
  };
  // After a choice or Enter there is nothing to wait for.
  format.onchange = flush;
  group.onkeydown = ({ key }) => {
    if (key === "Enter") flush();
  };

  return {
    element: group,
    stop: cancel,
    update() {
      const shown = model.get("_shown");
      if (!isEdited) {
        format.value = model.get("format");
        for (const [name, input] of entries(numbers)) input.value = String(model.get(name) ?? "");
      }
      width.placeholder = String(shown.width);
      height.placeholder = String(shown.height);
      scale.disabled = VECTOR.has(model.get("format"));
    },
  };
}

/** @param {{min: number, step?: string, title: string}} properties */
function numberInput(properties) {
  return element("input", { type: "number", placeholder: "1", ...properties });
}

/**
 * @template {object} T
 * @param {T} record
 */
const entries = (record) => /** @type {[keyof T, T[keyof T]][]} */ (Object.entries(record));
