/** The most characters of a value that a cell shows. */
const MOST_CHARACTERS = 250;

const DATE = /^\d{4}-\d\d-\d\d$/;
const DATETIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/;

/** Types that a wider one takes in, the widest last. */
const WIDENINGS = [
  ["integer", "number"],
  ["date", "datetime"],
  ["date", "datetime", "text"],
];

/**
 * Read JSON text; numbers that JavaScript would write otherwise (integers beyond 2⁵³, 1.0) stay as
 * they are written, where the browser can.
 *
 * @param {string} text
 * @returns {any}
 */
export function parseExactly(text) {
  const { rawJSON } = /** @type {any} */ (JSON);
  if (!rawJSON) return JSON.parse(text);
  const keep = (
    /** @type {string} */ _key,
    /** @type {unknown} */ value,
    /** @type {{source?: string}} */ { source },
  ) => (typeof value === "number" && String(value) !== source ? rawJSON(source) : value);
  return JSON.parse(text, /** @type {any} */ (keep));
}

/**
 * A value as people read it, or null for null.
 *
 * @param {unknown} value
 */
export function cellText(value) {
  if (value === null) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1)}…`;
}

/**
 * The type of a column, as far as some of its values tell; "empty" when all are null.
 *
 * @param {unknown[]} values
 */
export function columnType(values) {
  /** @type {string[]} */
  const types = [...new Set(values.filter((value) => value !== null).map(valueType))];
  if (types.length < 2) return types[0] ?? "empty";
  const wider = WIDENINGS.find((names) => types.every((type) => names.includes(type)));
  return wider?.filter((name) => types.includes(name)).at(-1) ?? "mixed";
}

/** @param {unknown} value */
function valueType(value) {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") {
    if (DATE.test(value)) return "date";
    return DATETIME.test(value) ? "datetime" : "text";
  }
  const text = JSON.stringify(value);
  if (Number.isNaN(Number(text))) return "mixed";
  return /[.eE]/.test(text) ? "number" : "integer";
}
