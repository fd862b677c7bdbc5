/** @import { Filter, Summary } from "./grid_model.js" */
/** @import { Column } from "./grid_source.js" */

import { button, element } from "./dom.js";
import { ALONE, KINDS, OPERATORS } from "./grid_model.js";

/**
 * A form that asks for a filter of a column.
 *
 * @param {Column[]} columns
 * @param {string | undefined} uid The column that is meant.
 * @param {Filter | undefined} filter What it is filtered by.
 * @param {(filter: Filter) => Promise<string | undefined>} apply Says what is wrong.
 */
export function filterForm(columns, uid, filter, apply) {
  const column = choice(columns.map(({ uid, name }) => [uid, name]));
  const operator = choice(OPERATORS.map((op) => [op, op]));
  const value = element("textarea", { value: [filter?.value ?? ""].flat().join("\n") });
  column.value = uid ?? columns[0]?.uid ?? "";
  operator.value = filter?.op ?? "=";
  const field = element("label", {}, "Value", value);
  const isOneOf = () => operator.value === "one of";
  const update = () => {
    field.hidden = ALONE.has(operator.value);
    value.rows = isOneOf() ? 4 : 1;
    value.placeholder = isOneOf() ? "One in each line" : "";
  };
  operator.addEventListener("change", update);
  update();
  const fields = [
    element("label", {}, "Column", column),
    element("label", {}, "Condition", operator),
    field,
  ];
  return form("Filter", "Apply", fields, () =>
    apply({
      column: column.value,
      op: operator.value,
      value: field.hidden ? null : isOneOf() ? value.value.split("\n").filter(Boolean) : value.value,
    }),
  );
}

/**
 * A form that asks for a new column.
 *
 * @param {(name: string, kind: string) => Promise<string | undefined>} apply Says what is wrong.
 */
export function columnForm(apply) {
  const name = element("input", { type: "text", required: true });
  const kind = choice(KINDS.map((kind) => [kind, kind]));
  const fields = [element("label", {}, "Name", name), element("label", {}, "Type", kind)];
  return form("Add column", "Add", fields, () => apply(name.value, kind.value));
}

/** @param {[value: string, text: string][]} options */
function choice(options) {
  return element(
    "select",
    {},
    ...options.map(([value, text]) => element("option", { value }, text)),
  );
}

/**
 * @param {string} label
 * @param {string} verb
 * @param {HTMLElement[]} fields
 * @param {() => Promise<string | undefined>} apply
 */
function form(label, verb, fields, apply) {
  const problem = element("div", { className: "pnx-problem", role: "alert" });
  const submit = element("button", { type: "submit", className: "pnx-save" }, verb);
  const asked = element("form", {}, ...fields, problem, submit);
  const made = element(
    "div",
    { className: "pnx-form", role: "dialog", "aria-label": label },
    asked,
  );
  asked.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wrong = await apply();
    problem.textContent = wrong ?? "";
    if (wrong === undefined) made.hidePopover();
  });
  // Ctrl+Enter ends a text of several lines.
  asked.addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, metaKey } = event;
    const isOneLine = target instanceof HTMLTextAreaElement && target.rows === 1;
    if (key !== "Enter" || !(ctrlKey || metaKey || isOneLine)) return;
    event.preventDefault();
    asked.requestSubmit();
  });
  return made;
}

/**
 * What is known of a column's values: how many, between which ends, and how they are spread.
 *
 * @param {Column} column
 * @param {Summary} summary
 */
export function summaryPanel({ name, type }, summary) {
  const facts = element("dl", {});
  const numbers = /** @type {const} */ (["count", "nulls", "distinct", "min", "mean", "max"]);
  for (const key of numbers) {
    const value = summary[key];
    if (value === undefined || value === null) continue;
    const text = typeof value === "number" ? value.toLocaleString("en") : value;
    facts.append(element("dt", {}, key), element("dd", {}, text));
  }
  const made = element("div", {
    className: "pnx-summary",
    role: "dialog",
    tabIndex: -1,
    "aria-label": `Summary of ${name}`,
  });
  made.append(element("h3", {}, name, element("small", {}, type)), facts);
  if (summary.histogram?.length) made.append(histogram(summary.histogram));
  if (summary.frequent?.length) made.append(frequent(summary.frequent));
  made.append(button({ text: "Close" }, () => made.hidePopover()));
  return made;
}

/** @param {NonNullable<Summary["histogram"]>} bins */
function histogram(bins) {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const bars = bins.map(({ start, stop, count }) => {
    const bar = element("span", { title: `${start} – ${stop}: ${count.toLocaleString("en")}` });
    bar.style.height = `${Math.max(count > 0 ? 2 : 0, Math.round((48 * count) / most))}px`;
    return bar;
  });
  const [first, last] = [bins[0]?.start ?? "", bins.at(-1)?.stop ?? ""];
  const largest = bins.find(({ count }) => count === most);
  const words = `Histogram from ${first} to ${last}, highest from ${largest?.start} to ${largest?.stop}`;
  const figure = element("div", { className: "pnx-bars", role: "img", "aria-label": words }, ...bars);
  const ends = element(
    "div",
    { className: "pnx-ends" },
    element("span", {}, first),
    element("span", {}, last),
  );
  return element("div", {}, figure, ends);
}

/** @param {NonNullable<Summary["frequent"]>} values */
function frequent(values) {
  const most = Math.max(1, ...values.map(({ count }) => count));
  const rows = values.map(({ value, count }) => {
    const number = element("span", {}, count.toLocaleString("en"));
    const row = element("li", {}, element("span", { title: value }, value), number);
    row.style.setProperty("--pnx-part", `${Math.round((100 * count) / most)}%`);
    return row;
  });
  return element("ol", {}, ...rows);
}
