import assert from "node:assert/strict";
import test from "node:test";

import { Pages } from "../src/pages.js";

/** A kernel that answers when it is told to, and writes down what it was asked. */
function slowKernel() {
  const asked = [];
  const open = new Map();
  const fetch = (numbers) => {
    asked.push(numbers.join());
    return new Promise((resolve, reject) => open.set(numbers.join(), { resolve, reject }));
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    asked,
    fetch,
    async answer(page) {
      open.get(String(page)).resolve(`page ${page}`);
      await turn();
    },
    async fail(page, message) {
      open.get(String(page)).reject(new Error(message));
      await turn();
    },
  };
}

test("a page is fetched once and then kept", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0]]);
  pages.want([[0]]);
  await kernel.answer(0);
  pages.want([[0]]);
  assert.equal(pages.get(0), "page 0");
  assert.deepEqual(kernel.asked, ["0"]);
});

test("what is no longer wanted is never asked for", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch, { concurrent: 1 });
  for (const page of [0, 10, 20, 30]) pages.want([[page], [page + 1]]);
  assert.deepEqual(kernel.asked, ["0"]);
  await kernel.answer(0);
  await kernel.answer(30);
  assert.deepEqual(kernel.asked, ["0", "30", "31"]);
});

test("what is wanted at once is asked for at once, as far as it is missing", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[1, 2]]);
  await kernel.answer("1,2");
  pages.want([[2, 3, 4], [5]]);
  assert.deepEqual(kernel.asked, ["1,2", "3,4"]);
  assert.equal(pages.get(2), "page 1,2");
});

test("what is urgent does not wait for what is less so", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0], [1], [2]]);
  await kernel.answer(0);
  assert.deepEqual(kernel.asked, ["0", "1"]);
  pages.want([[7], [2]]);
  assert.deepEqual(kernel.asked, ["0", "1", "7"]);
});

test("an answer that comes late is kept all the same", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0]]);
  pages.want([[5]]);
  await kernel.answer(0);
  assert.equal(pages.get(0), "page 0");
});

test("the page that was used longest ago makes room", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch, { capacity: 2 });
  for (const page of [0, 1]) {
    pages.want([[page]]);
    await kernel.answer(page);
  }
  pages.get(0);
  pages.want([[2]]);
  await kernel.answer(2);
  assert.equal(pages.get(1), undefined);
  assert.equal(pages.get(0), "page 0");
});

test("a page that failed is asked for again only after retry", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[3]]);
  await kernel.fail(3, "no such grid");
  pages.want([[3]]);
  assert.equal(pages.failure([2, 3]).message, "no such grid");
  assert.deepEqual(kernel.asked, ["3"]);
  pages.retry();
  pages.want([[3]]);
  await kernel.answer(3);
  assert.equal(pages.failure([3]), undefined);
  assert.deepEqual(kernel.asked, ["3", "3"]);
});

test("a page that failed is asked for again when one comes back to it", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[3]]);
  await kernel.fail(3, "busy");
  pages.want([[8]]);
  pages.want([[3]]);
  assert.deepEqual(kernel.asked, ["3", "8", "3"]);
});

test("waiting ends with the last of the pages, or with patience", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0], [1]]);
  let isOver = false;
  const waiting = pages.settled([0, 1], 60_000).then(() => (isOver = true));
  await kernel.answer(0);
  assert.equal(isOver, false);
  await kernel.fail(1, "gone");
  await waiting;
  pages.want([[2]]);
  await pages.settled([2], 1);
  assert.equal(pages.isSettled(2), false);
});

test("what is old is shown until it comes anew", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0]]);
  await kernel.answer(0);
  pages.refresh();
  assert.equal(pages.get(0), "page 0");
  pages.want([[0]]);
  assert.deepEqual(kernel.asked, ["0", "0"]);
  await kernel.answer(0);
  pages.want([[0]]);
  assert.deepEqual(kernel.asked, ["0", "0"]);
});

test("an answer from before a change is asked for again", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0]]);
  pages.refresh();
  await kernel.answer(0);
  assert.equal(pages.get(0), "page 0");
  assert.deepEqual(kernel.asked, ["0", "0"]);
});

test("where a number means another page, an answer of before is none", async () => {
  const kernel = slowKernel();
  const pages = new Pages(kernel.fetch);
  pages.want([[0]]);
  pages.clear();
  await kernel.answer(0);
  assert.equal(pages.get(0), undefined);
  assert.deepEqual(kernel.asked, ["0", "0"]);
});

test("who is no longer waited for is told, and that is no failure", async () => {
  const signals = [];
  const fetch = (_page, signal) =>
    new Promise((_, reject) => {
      signals.push(signal);
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  const pages = new Pages(fetch);
  pages.want([[0]]);
  pages.want([[7]]);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(
    signals.map(({ aborted }) => aborted),
    [true, false],
  );
  assert.equal(pages.failure([0]), undefined);
  pages.want([[0]]);
  assert.equal(signals.length, 3);
});
