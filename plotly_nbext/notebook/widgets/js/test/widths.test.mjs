import assert from "node:assert/strict";
import test from "node:test";

import { Widths } from "../src/widths.js";

const made = () =>
  new Widths(
    (text) => text.length * 10,
    ({ type }) => type,
  );
const column = { uid: "a1", name: "store", type: "text" };

test("a column is as wide as its widest text, within reason", () => {
  const widths = made();
  assert.ok(widths.fit(column, ["Köln", null, "a longer name"]));
  assert.equal(widths.of(column), 13 * 10 + 24);
  widths.fit(column, ["x".repeat(1_000)], true);
  assert.equal(widths.of(column), 320);
});

test("its name is always seen", () => {
  const widths = made();
  const named = { ...column, name: "a rather long name" };
  widths.fit(named, ["1"]);
  assert.ok(widths.of(named) >= 18 * 10);
});

test("what came later does not change it, what was chosen wins", () => {
  const widths = made();
  widths.fit(column, ["Köln"]);
  const before = widths.of(column);
  assert.equal(widths.fit(column, ["a longer name"]), false);
  assert.equal(widths.of(column), before);
  widths.chosen = { a1: 77 };
  assert.equal(widths.of(column), 77);
});

test("row numbers have room for the last of them", () => {
  assert.equal(made().ofRowNumbers(1_000_000), 7 * 10 + 24);
});
