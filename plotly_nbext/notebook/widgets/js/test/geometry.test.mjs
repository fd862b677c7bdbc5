import assert from "node:assert/strict";
import test from "node:test";

import { ROW_HEIGHT, leftToReveal, placed, rowStep, topToReveal } from "../src/geometry.js";

const rowCount = 1_000;
const scroller = { top: 260, end: (rowCount - 10) * ROW_HEIGHT, rowCount, rowsInView: 10 };

test("rows are as high in the scroller as on the screen, until there are too many", () => {
  assert.equal(rowStep(scroller), ROW_HEIGHT);
  const many = { ...scroller, rowCount: 10_000_010, end: 10_000_000 };
  assert.equal(rowStep(many), 1);
});

test("a row that is in view moves nothing", () => {
  for (const row of [10, 15, 19]) assert.equal(topToReveal(row, scroller), scroller.top);
});

test("a row above comes to the top, a row below to the bottom", () => {
  assert.equal(topToReveal(4, scroller), 4 * ROW_HEIGHT);
  assert.equal(topToReveal(30, scroller), 21 * ROW_HEIGHT);
  assert.equal(topToReveal(999, scroller), scroller.end);
});

test("the last of ten million rows is reached", () => {
  const many = { top: 0, rowCount: 10_000_000, rowsInView: 10, end: 9_999_000 };
  assert.equal(topToReveal(9_999_999, many), many.end);
});

test("a column comes wholly into view, its start before its end", () => {
  const widths = [100, 100, 100, 500, 100];
  assert.equal(leftToReveal(1, widths, { left: 0, width: 300 }), 0);
  assert.equal(leftToReveal(2, widths, { left: 0, width: 250 }), 50);
  assert.equal(leftToReveal(0, widths, { left: 120, width: 250 }), 0);
  assert.equal(leftToReveal(3, widths, { left: 0, width: 250 }), 300);
});

const window = { width: 400, height: 300 };
const anchor = { left: 50, right: 80, top: 100, bottom: 120 };

test("a popover opens below, above where there is no room below, and inside of the window", () => {
  assert.deepEqual(placed(anchor, { width: 100, height: 50 }, window), { left: 50, top: 122 });
  const low = { ...anchor, top: 260, bottom: 280 };
  assert.deepEqual(placed(low, { width: 100, height: 50 }, window), { left: 50, top: 208 });
  const right = { ...anchor, left: 380 };
  assert.equal(placed(right, { width: 100, height: 50 }, window).left, 292);
  assert.equal(placed(anchor, { width: 100, height: 280 }, window).top, 12);
});

test("a popover that is larger than the window starts at its corner", () => {
  assert.deepEqual(placed(anchor, { width: 900, height: 900 }, window), { left: 8, top: 8 });
});
