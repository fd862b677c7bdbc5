import assert from "node:assert/strict";
import test from "node:test";

import { Drafts } from "../src/drafts.js";

const place = { row: 3, x: 1 };

test("a draft that came after is not taken away by one before", () => {
  const drafts = new Drafts(() => {});
  const first = drafts.set({ place, text: "a" });
  const second = drafts.set({ place, text: "b" });
  drafts.delete(first);
  assert.equal(drafts.get(place), second);
  drafts.delete(second);
  assert.equal(drafts.size, 0);
});
