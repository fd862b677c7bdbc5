/** @import { Experimental } from "@anywidget/types" */

/** How long a command may take: longer than the slowest request, so that it only ends what is dead. */
const PATIENCE = 90_000;

/** What the kernel answered in place of a result. */
export class KernelError extends Error {
  /** @param {{type: string, message: string}} error */
  constructor({ type, message }) {
    super(message);
    this.name = type;
  }
}

/**
 * Send a command to the widget's Python side and wait for its result.
 *
 * @template Answer
 * @param {Experimental} experimental
 * @param {string} command The method's name.
 * @param {object} message
 * @param {number} [patience] In milliseconds.
 * @returns {Promise<Answer>}
 * @throws {KernelError} The command failed, or nobody answered.
 */
export async function ask(experimental, command, message, patience) {
  const [answer] = await askForBytes(experimental, command, message, patience);
  return answer;
}

/**
 * The same, for a result that is more than JSON.
 *
 * @param {Experimental} experimental
 * @param {string} command
 * @param {object} message
 * @param {number} [patience]
 * @returns {Promise<[any, DataView[]]>}
 */
export async function askForBytes(experimental, command, message, patience = PATIENCE) {
  const signal = AbortSignal.timeout(patience);
  /** @type {any} */
  let answer;
  /** @type {DataView[]} */
  let buffers;
  try {
    [answer, buffers] = await experimental.invoke(command, message, { signal });
  } catch {
    // Beside a wait that was too long, only the host's refusal to send ends up here.
    const message = signal.aborted
      ? `The kernel has not answered for ${patience / 1000} seconds. Is it running?`
      : "The kernel that this was made in is gone. Run the cell again.";
    throw new KernelError({ type: signal.aborted ? "TimeoutError" : "GoneError", message });
  }
  if (!answer.ok) throw new KernelError(answer.error);
  return [answer, buffers];
}
