import assert from "node:assert/strict";
import { test } from "node:test";

import { isRendering } from "../src/figure_model.js";

const WANTED = { format: "png", width: null, height: null, scale: null };
const model = (state) => ({ get: (name) => state[name] });
const rest = { ...WANTED, error: {}, _busy: false, _shown: { wanted: WANTED } };

test("a view at rest renders nothing", () => {
  assert.equal(isRendering(model(rest)), false);
});

test("what was just chosen is being rendered before the kernel says so", () => {
  assert.equal(isRendering(model({ ...rest, width: 400 })), true);
});

test("what could not be rendered is not waited for", () => {
  assert.equal(isRendering(model({ ...rest, width: 400, error: { message: "no" } })), false);
});

test("a figure that changed is being rendered when the kernel says so", () => {
  assert.equal(isRendering(model({ ...rest, _busy: true })), true);
});
