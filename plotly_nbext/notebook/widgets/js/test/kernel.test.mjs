import assert from "node:assert/strict";
import test from "node:test";

import { KernelError, ask } from "../src/kernel.js";

test("an answer that is ok is the result", async () => {
  const invoke = async (name, message) => [{ ok: true, name, message }, []];
  const answer = await ask({ invoke }, "_rows", { start: 0 });
  assert.deepEqual(answer, { ok: true, name: "_rows", message: { start: 0 } });
});

test("an error of the kernel is thrown with its words", async () => {
  const error = { type: "NotFoundError", message: "There is no grid 'sales'." };
  const invoke = async () => [{ ok: false, error }, []];
  await assert.rejects(ask({ invoke }, "_rows", {}), (reason) => {
    assert.ok(reason instanceof KernelError);
    assert.equal(reason.name, "NotFoundError");
    assert.equal(reason.message, error.message);
    return true;
  });
});

test("a kernel that is gone is an error that says so, not an endless wait", async () => {
  const invoke = (name, message, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  // An abort timer alone keeps no process alive.
  const alive = setTimeout(() => {}, 5_000);
  await assert.rejects(ask({ invoke }, "_rows", {}, 5), /has not answered for 0.005 seconds/);
  clearTimeout(alive);
});
