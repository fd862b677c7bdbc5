import assert from "node:assert/strict";
import test from "node:test";

import { stopAfterKey } from "../src/scrolling.js";

const scroller = { top: 240, end: 1000, row: 24, screen: 240 };

test("arrows go by a row, pages by a screen less one row", () => {
  assert.equal(stopAfterKey("ArrowDown", scroller), 264);
  assert.equal(stopAfterKey("ArrowUp", scroller), 216);
  assert.equal(stopAfterKey("PageDown", scroller), 456);
  assert.equal(stopAfterKey("PageUp", scroller), 24);
});

test("nothing goes past the ends", () => {
  assert.equal(stopAfterKey("Home", scroller), 0);
  assert.equal(stopAfterKey("End", scroller), 1000);
  assert.equal(stopAfterKey("PageDown", { ...scroller, top: 990 }), 1000);
  assert.equal(stopAfterKey("ArrowUp", { ...scroller, top: 3 }), 0);
});

test("a key moves even where many rows share a pixel", () => {
  assert.equal(stopAfterKey("ArrowDown", { top: 5, end: 1000, row: 0.01, screen: 0.1 }), 6);
});

test("other keys are none of its business", () => {
  assert.equal(stopAfterKey("a", scroller), undefined);
  assert.equal(stopAfterKey("ArrowLeft", scroller), undefined);
});
