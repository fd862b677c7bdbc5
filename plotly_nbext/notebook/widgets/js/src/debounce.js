/**
 * Call a function when it has not been asked for during a while, or at once by `flush`.
 *
 * @param {() => void} action
 * @param {number} quiet In milliseconds.
 */
export function debounce(action, quiet) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const cancel = () => clearTimeout(timer);
  const flush = () => {
    cancel();
    action();
  };
  const soon = () => {
    cancel();
    timer = setTimeout(action, quiet);
  };
  return { soon, flush, cancel };
}
