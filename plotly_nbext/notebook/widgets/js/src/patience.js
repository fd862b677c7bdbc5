/**
 * Tell when something takes long, and when all that did is over.
 *
 * @param {(isLong: boolean) => void} tell
 * @param {number} patience In milliseconds.
 */
export function patience(tell, patience) {
  let open = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    /**
     * @template Result
     * @param {Promise<Result>} promise
     * @returns {Promise<Result>} The same.
     */
    during(promise) {
      if (open === 0) timer = setTimeout(() => tell(true), patience);
      open += 1;
      const over = () => {
        open -= 1;
        if (open > 0) return;
        clearTimeout(timer);
        tell(false);
      };
      promise.then(over, over);
      return promise;
    },
  };
}
