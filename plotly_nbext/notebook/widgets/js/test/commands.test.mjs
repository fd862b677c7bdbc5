import assert from "node:assert/strict";
import test from "node:test";

import { commandsOf } from "../src/commands.js";

/** A model whose messages a test sees, and answers. */
function modelOf() {
  const listeners = new Set();
  return {
    sent: [],
    listeners,
    send(content) {
      this.sent.push(content);
    },
    on: (_name, listener) => listeners.add(listener),
    off: (_name, listener) => listeners.delete(listener),
    answer(id, response) {
      for (const listener of listeners) listener({ id, response }, []);
    },
  };
}

test("answers that come in another order reach who asked", async () => {
  const model = modelOf();
  const { invoke } = commandsOf(model);
  const answers = [invoke("_rows", { start: 0 }), invoke("_rows", { start: 100 })];
  const [first, second] = model.sent;
  assert.equal(first.kind, "anywidget-command");
  assert.equal(first.name, "_rows");
  assert.deepEqual(first.msg, { start: 0 });
  model.answer(second.id, "rows from 100");
  model.answer(first.id, "rows from 0");
  assert.deepEqual(await Promise.all(answers), [["rows from 0", []], ["rows from 100", []]]);
});

test("two views of a model do not take each other's answers", async () => {
  const model = modelOf();
  const answers = [commandsOf(model).invoke("_copy"), commandsOf(model).invoke("_copy")];
  model.answer(model.sent[1].id, "second");
  model.answer(model.sent[0].id, "first");
  assert.deepEqual(await Promise.all(answers), [["first", []], ["second", []]]);
});

test("who has no patience left is told, and a late answer is nobody's", async () => {
  const model = modelOf();
  const patience = new AbortController();
  const answer = commandsOf(model).invoke("_save", {}, { signal: patience.signal });
  patience.abort(new Error("too long"));
  await assert.rejects(answer, /too long/);
  model.answer(model.sent[0].id, "late");
});

test("other messages of the kernel are left alone, and a view that is gone listens no more", () => {
  const model = modelOf();
  const view = new AbortController();
  commandsOf(model, view.signal);
  model.answer(undefined, undefined);
  view.abort();
  assert.equal(model.listeners.size, 0);
});
