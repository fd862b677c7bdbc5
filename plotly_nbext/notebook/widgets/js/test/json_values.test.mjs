import assert from "node:assert/strict";
import test from "node:test";

import { cellText, columnType, parseExactly } from "../src/json_values.js";

test("values are shown as they are written in JSON, texts without quotes", () => {
  const values = parseExactly('["a", "", true, 12, 2.5, -3e-7, [1, null], {"b": "c"}]');
  const texts = ["a", "", "true", "12", "2.5", "-3e-7", "[1,null]", '{"b":"c"}'];
  assert.deepEqual(values.map(cellText), texts);
  assert.equal(cellText(null), null);
});

test("long values are cut", () => {
  assert.equal(cellText("x".repeat(250)), "x".repeat(250));
  assert.equal(cellText("x".repeat(251)), `${"x".repeat(249)}…`);
});

for (const [type, values] of Object.entries({
  empty: [null, null],
  boolean: [true, null, false],
  integer: [1, null, -2],
  number: [1, 2.5],
  date: ["2026-01-31", null],
  datetime: ["2026-01-31", "2026-01-31T12:00:00"],
  text: ["2026-01-31", "", "x"],
  mixed: [1, "x"],
})) {
  test(`${JSON.stringify(values)} is a column of type ${type}`, () => {
    assert.equal(columnType(values), type);
  });
}

test("lists and objects are of no one type", () => {
  assert.equal(columnType([[1], [2]]), "mixed");
  assert.equal(columnType([{}]), "mixed");
});
