import assert from "node:assert/strict";
import test from "node:test";

import { tiling } from "../src/tiles.js";

const still = { down: 0, right: 0 };

test("tiles cover a grid and end with it", () => {
  const tiles = tiling(1_000, 70);
  assert.deepEqual(tiles.area([0]), { rows: [0, 16], columns: [0, 8] });
  assert.deepEqual(tiles.area([8]), { rows: [0, 16], columns: [64, 70] });
  assert.deepEqual(tiles.area([9]), { rows: [16, 32], columns: [0, 8] });
  assert.deepEqual(tiles.area([tiles.tileOf(999, 69)]), { rows: [992, 1_000], columns: [64, 70] });
});

test("some tiles are fetched as the rectangle that holds them", () => {
  const tiles = tiling(1_000, 70);
  assert.deepEqual(tiles.area([9, 10, 18, 19]), { rows: [16, 48], columns: [0, 16] });
});

test("who can't be asked for some columns is asked for all", () => {
  const tiles = tiling(10_000, 1_000, Infinity);
  assert.deepEqual(tiles.area([1]), { rows: [16, 32], columns: [0, 1_000] });
});

test("what comes next is fetched first where the reader goes", () => {
  const tiles = tiling(10_000, 24);
  const next = (way) => tiles.around([320, 332], [8, 16], way).next;
  const below = [64, 67, 70];
  const above = [52, 55, 58];
  assert.deepEqual(tiles.around([320, 332], [8, 16], still).shown, [61]);
  assert.deepEqual(next({ down: 3, right: 0 }), [below, above]);
  assert.deepEqual(next({ down: -3, right: 0 }), [above, below]);
  assert.deepEqual(next({ down: 0, right: -1 }), [[60], [62]]);
});

test("a leap is told from going on, and that from resting", () => {
  const tiles = tiling(10_000, 100);
  const isSteady = (way) => tiles.around([320, 332], [8, 16], way).isSteady;
  assert.equal(isSteady({ down: 3, right: 0 }), true);
  assert.equal(isSteady({ down: 0, right: -2 }), true);
  assert.equal(isSteady({ down: 100, right: 0 }), false);
  assert.equal(isSteady({ down: 0, right: 40 }), false);
  assert.equal(isSteady(still), false);
});

test("nothing is fetched beyond the edges", () => {
  const tiles = tiling(12, 3);
  assert.deepEqual(tiles.around([0, 12], [0, 3], still), {
    shown: [0],
    next: [[], []],
    isSteady: false,
  });
  assert.deepEqual(tiling(0, 3).around([0, 0], [0, 3], still).shown, []);
});
