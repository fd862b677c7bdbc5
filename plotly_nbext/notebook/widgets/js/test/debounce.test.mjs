import assert from "node:assert/strict";
import test from "node:test";

import { debounce } from "../src/debounce.js";

test("many changes in a row are one call, after the last", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let calls = 0;
  const { soon } = debounce(() => calls++, 300);
  for (let i = 0; i < 5; i++) {
    soon();
    mock.timers.tick(200);
  }
  assert.equal(calls, 0);
  mock.timers.tick(100);
  assert.equal(calls, 1);
});

test("flush calls at once, and not again", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let calls = 0;
  const { soon, flush } = debounce(() => calls++, 300);
  soon();
  flush();
  mock.timers.tick(1_000);
  assert.equal(calls, 1);
});

test("cancel forgets what was asked for", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let calls = 0;
  const { soon, cancel } = debounce(() => calls++, 300);
  soon();
  cancel();
  mock.timers.tick(1_000);
  assert.equal(calls, 0);
});
