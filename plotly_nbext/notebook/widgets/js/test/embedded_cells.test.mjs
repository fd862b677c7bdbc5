import assert from "node:assert/strict";
import { test } from "node:test";

import { EmbeddedCells } from "../src/embedded_cells.js";

const columns = [
  ["Berlin", "Łódź", null, "berlin"],
  ["1", "2", "3", "4"],
  ['say "hi"', "two\nlines", "tab\there", ""],
];
const embedded = () => new EmbeddedCells(columns.map((texts) => ({ textContent: JSON.stringify(texts) })));
const size = { rows: 4, columns: 3 };

test("a column is read when somebody looks at it", () => {
  const texts = [0, 1].map((number) => ({
    reads: 0,
    get textContent() {
      this.reads += 1;
      return `["${number}"]`;
    },
  }));
  const cells = new EmbeddedCells(texts);
  assert.deepEqual(cells.shown({ rows: [0, 1], columns: [1, 2] }), [["1"]]);
  cells.shown({ rows: [0, 1], columns: [1, 2] });
  assert.deepEqual(
    texts.map(({ reads }) => reads),
    [0, 1],
  );
});

test("what is shown of a long text is cut, what is copied is not", () => {
  const cells = new EmbeddedCells([{ textContent: JSON.stringify(["x".repeat(10_000)]) }]);
  const area = { rows: [0, 1], columns: [0, 1] };
  assert.ok(cells.shown(area)[0][0].length < 300);
  assert.equal(cells.copied(area).length, 10_000);
});

test("cells are copied as Excel reads them", () => {
  const copied = embedded().copied({ rows: [0, 4], columns: [1, 3] });
  assert.equal(copied, '1\t"say ""hi"""\n2\t"two\nlines"\n3\t"tab\there"\n4\t');
  const named = embedded().copied({ rows: [2, 3], columns: [0, 2] }, ["city", "n", "said"]);
  assert.equal(named, "city\tn\n\t3");
  assert.equal(embedded().copied({ rows: [1, 4], columns: [0, 1] }), 'Łódź\n""\nberlin');
});

test("a text is found row by row, in both directions, and beyond the ends", () => {
  const cells = embedded();
  assert.deepEqual(cells.find("BERLIN", { row: 0, x: 0 }, size, false), { row: 3, x: 0 });
  assert.deepEqual(cells.find("berlin", { row: 3, x: 0 }, size, false), { row: 0, x: 0 });
  assert.deepEqual(cells.find("berlin", { row: 3, x: 0 }, size, true), { row: 0, x: 0 });
  assert.deepEqual(cells.find("berlin", { row: 0, x: 0 }, size, true), { row: 3, x: 0 });
  assert.deepEqual(cells.find("hi", { row: -1, x: 2 }, size, false), { row: 0, x: 2 });
  assert.equal(cells.find("nowhere", { row: 0, x: 0 }, size, false), undefined);
});
