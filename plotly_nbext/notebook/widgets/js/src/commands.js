/** @import { AnyModel, Experimental } from "@anywidget/types" */

/** How long an answer may take before the kernel is nudged, in milliseconds. */
const NUDGE = 2000;

/**
 * What invokes the commands of a widget's Python side: anywidget's own `experimental.invoke`, by the
 * same messages, but over the model. marimo shows anywidgets, but can't invoke.
 *
 * @param {AnyModel<any>} model
 * @param {AbortSignal} [signal] Of the view's end.
 * @returns {Experimental}
 */
export function commandsOf(model, signal) {
  /** @type {Map<string, {resolve: (answer: any) => void, reject: (reason: unknown) => void}>} */
  const waiting = new Map();
  // Other views of the model hear the answers too. Over plain HTTP there is no crypto.randomUUID.
  const view = crypto.getRandomValues(new Uint32Array(2)).join("-");
  let count = 0;
  /** @param {{id?: string, response?: unknown}} content @param {DataView[]} buffers */
  const answered = ({ id = "", response }, buffers) => waiting.get(id)?.resolve([response, buffers]);
  // One for all of them: hosts keep a note of each listener until the view's end.
  model.on("msg:custom", answered);
  signal?.addEventListener("abort", () => {
    model.off("msg:custom", answered);
    for (const { reject } of waiting.values()) reject(signal.reason);
  });

  return {
    async invoke(name, msg, { signal: patience } = {}) {
      const id = `${view}-${(count += 1)}`;
      // A kernel may miss that a message came (ipykernel#1554), until the next one comes.
      const nudging = setInterval(() => model.send({}), NUDGE);
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject });
          patience?.addEventListener("abort", () => reject(patience.reason));
          model.send({ id, kind: "anywidget-command", name, msg });
        });
      } finally {
        clearInterval(nudging);
        waiting.delete(id);
      }
    },
  };
}
