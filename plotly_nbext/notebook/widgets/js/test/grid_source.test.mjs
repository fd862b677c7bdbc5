import assert from "node:assert/strict";
import test from "node:test";

import { GridSource } from "../src/grid_source.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A source over a kernel that answers when it is told to, each cell with its row. */
function slowSource(mock) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = [];
  const open = [];
  const drawn = [];
  const fetch = (area) => {
    asked.push(area.rows);
    return new Promise((resolve) => {
      const [[start, stop], [x0, x1]] = [area.rows, area.columns];
      const texts = Array.from({ length: stop - start }, (_, y) => `${start + y}`);
      open.push(() => resolve({ columns: Array(x1 - x0).fill(texts) }));
    });
  };
  const source = new GridSource(fetch, { change: () => drawn.push("again") });
  const columns = Array.from({ length: 100 }, (_, x) => ({ uid: `${x}`, name: "", type: "text" }));
  source.reset(columns, 1_000_000);
  return {
    source,
    asked,
    drawn,
    /** Answer what was asked first. */
    async answer() {
      open.shift()();
      await turn();
    },
    async wait(milliseconds) {
      mock.timers.tick(milliseconds);
      await turn();
    },
    draw: (row) => source.cells(0, row, 10, row + 13),
  };
}

test("while the scroll bar is dragged each screen that is asked for is shown", async ({ mock }) => {
  const { draw, answer, asked, drawn, wait, source } = slowSource(mock);
  for (const row of [0, 40_000, 80_008, 120_000]) {
    const cells = draw(row);
    await wait(90);
    await answer();
    const texts = (await cells).map((column) => column[0]);
    assert.deepEqual(texts, Array(10).fill(String(row)));
    assert.equal(source.isLoading, false);
  }
  assert.deepEqual(asked, [
    [0, 16],
    [40_000, 40_016],
    [80_000, 80_032],
    [120_000, 120_016],
  ]);
  assert.deepEqual(drawn, []);
});

test("what is near is fetched when a leap is over", async ({ mock }) => {
  const { draw, answer, asked, wait } = slowSource(mock);
  const cells = draw(160_000);
  await answer();
  await cells;
  assert.equal(asked.length, 1);
  await wait(100);
  await answer();
  assert.deepEqual(asked.slice(1), [
    [160_016, 160_064],
    [159_952, 160_000],
  ]);
});

test("who goes on finds the rows there", async ({ mock }) => {
  const { draw, answer, asked } = slowSource(mock);
  const first = draw(0);
  await answer();
  await first;
  draw(3);
  assert.deepEqual(asked, [
    [0, 16],
    [16, 64],
  ]);
  await answer();
  assert.equal((await draw(8))[0][12], "20");
  assert.equal(asked.length, 2);
});

test("where nobody answers the table goes on without the cells, and shows them when they come", async ({
  mock,
}) => {
  const { draw, answer, drawn, wait, source } = slowSource(mock);
  const slow = draw(0);
  await wait(300);
  assert.equal((await slow)[0][0], undefined);
  assert.equal(source.isLoading, true);
  const still = draw(0);
  await wait(40);
  await still;
  await answer();
  assert.deepEqual(drawn, ["again"]);
  assert.equal((await draw(0))[0][0], "0");
});
