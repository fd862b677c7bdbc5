import assert from "node:assert/strict";
import test from "node:test";

import {
  HEADER,
  areaOf,
  extend,
  move,
  select,
  selectAll,
  selectWhole,
  selectionOf,
  within,
} from "../src/selection.js";

const size = { rows: 100, columns: 6, screen: 10 };
const go = (place, key, far = false) => move(place, { key, far }, size);

test("arrows go to the next cell and stop at the edges", () => {
  const place = { row: 5, x: 2 };
  assert.deepEqual(go(place, "ArrowDown"), { row: 6, x: 2 });
  assert.deepEqual(go(place, "ArrowUp"), { row: 4, x: 2 });
  assert.deepEqual(go(place, "ArrowRight"), { row: 5, x: 3 });
  assert.deepEqual(go(place, "ArrowLeft"), { row: 5, x: 1 });
  assert.deepEqual(go({ row: 99, x: 5 }, "ArrowDown"), { row: 99, x: 5 });
  assert.deepEqual(go({ row: 99, x: 5 }, "ArrowRight"), { row: 99, x: 5 });
});

test("above the first row is the header, and nothing above that", () => {
  assert.deepEqual(go({ row: 0, x: 2 }, "ArrowUp"), { row: HEADER, x: 2 });
  assert.deepEqual(go({ row: HEADER, x: 2 }, "ArrowUp"), { row: HEADER, x: 2 });
  assert.deepEqual(go({ row: HEADER, x: 2 }, "ArrowDown"), { row: 0, x: 2 });
});

test("Ctrl goes to the edges, without the header", () => {
  const place = { row: 5, x: 2 };
  assert.deepEqual(go(place, "ArrowUp", true), { row: 0, x: 2 });
  assert.deepEqual(go(place, "ArrowDown", true), { row: 99, x: 2 });
  assert.deepEqual(go(place, "ArrowRight", true), { row: 5, x: 5 });
  assert.deepEqual(go(place, "Home", true), { row: 0, x: 0 });
  assert.deepEqual(go(place, "End", true), { row: 99, x: 5 });
});

test("Home and End stay in the row, pages go by a screen", () => {
  const place = { row: 5, x: 2 };
  assert.deepEqual(go(place, "Home"), { row: 5, x: 0 });
  assert.deepEqual(go(place, "End"), { row: 5, x: 5 });
  assert.deepEqual(go(place, "PageDown"), { row: 15, x: 2 });
  assert.deepEqual(go(place, "PageUp"), { row: 0, x: 2 });
});

test("other keys lead nowhere", () => {
  assert.equal(go({ row: 5, x: 2 }, "a"), undefined);
  assert.equal(go({ row: 5, x: 2 }, "Enter"), undefined);
});

test("a selection is the rectangle between its anchor and its head", () => {
  const selection = extend(select({ row: 5, x: 4 }), { row: 2, x: 1 });
  assert.deepEqual(areaOf(selection, size), { rows: [2, 6], columns: [1, 5] });
});

test("a header selects its column, whole rows and columns reach the edges", () => {
  const column = select({ row: HEADER, x: 3 });
  assert.deepEqual(areaOf(column, size), { rows: [0, 100], columns: [3, 4] });
  const rows = selectWhole("rows", { row: 7, x: 0 }, { row: 3, x: 0 });
  assert.deepEqual(areaOf(rows, size), { rows: [3, 8], columns: [0, 6] });
  assert.deepEqual(areaOf(selectAll(size), size), { rows: [0, 100], columns: [0, 6] });
});

test("in a grid without rows nothing is selected", () => {
  const nothing = { rows: 0, columns: 2 };
  assert.deepEqual(areaOf(select({ row: 0, x: 1 }), nothing), { rows: [0, 0], columns: [1, 2] });
});

test("what Python selects is selected, and nothing is no selection", () => {
  const area = { rows: [2, 6], columns: [1, 5] };
  assert.deepEqual(areaOf(selectionOf(area, size), size), area);
  assert.equal(selectionOf({}, size), undefined);
  assert.equal(selectionOf({ rows: [3, 3], columns: [0, 1] }, size), undefined);
});

test("a selection stays inside of a grid that became smaller", () => {
  const selection = extend(select({ row: 50, x: 5 }), { row: 99, x: 5 });
  const smaller = { rows: 20, columns: 3 };
  assert.deepEqual(areaOf(within(selection, smaller), smaller), {
    rows: [19, 20],
    columns: [2, 3],
  });
});
