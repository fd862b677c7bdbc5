import assert from "node:assert/strict";
import test from "node:test";

import { patience } from "../src/patience.js";

test("what is quick is not told, what takes long is, until all of it is over", async ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const told = [];
  const { during } = patience((isLong) => told.push(isLong), 400);
  await during(Promise.resolve());
  mock.timers.tick(1_000);
  assert.deepEqual(told, [false]);
  let [endFirst, endSecond] = [() => {}, () => {}];
  const first = during(new Promise((resolve) => (endFirst = resolve)));
  const second = during(new Promise((resolve) => (endSecond = resolve)));
  mock.timers.tick(400);
  assert.deepEqual(told, [false, true]);
  endFirst();
  await first;
  assert.deepEqual(told, [false, true]);
  endSecond();
  await second;
  assert.deepEqual(told, [false, true, false]);
});

test("what fails fails", async () => {
  const { during } = patience(() => {}, 400);
  await assert.rejects(during(Promise.reject(new Error("gone"))), /gone/);
});
