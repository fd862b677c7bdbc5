/**
 * A cache of what is fetched when it is wanted: numbers, some of which are fetched at once and then
 * are one page.
 *
 * Requests leave a few at a time. What waits to leave is forgotten as soon as it is no longer
 * wanted, and what is on its way is told so: a drag over a million rows asks for what it passes at
 * the pace of who answers. What failed is not asked for again until `retry`, or until it was no
 * longer wanted for a while.
 *
 * @template Page
 */
export class Pages {
  #fetch;
  #capacity;
  #concurrent;
  #onChange;
  /** @type {Map<number, {page: Page, age: number}>} The least recently used first. */
  #kept = new Map();
  /** @type {Map<number, Error>} */
  #failed = new Map();
  /** @type {Map<AbortController, number[]>} */
  #sent = new Map();
  /** @type {number[][]} What is fetched at once, the most urgent first. */
  #wanted = [];
  /** @type {Set<() => void>} */
  #waiting = new Set();
  /** Counts what made pages old, so that an answer from before is known. */
  #age = 0;

  /**
   * @param {(numbers: number[], signal: AbortSignal) => Promise<Page>} fetch Who can't be stopped by the
   *   signal may go on.
   * @param {object} [options]
   * @param {number} [options.capacity] How many numbers are kept.
   * @param {number} [options.concurrent] How many requests are on their way at once.
   * @param {(numbers: number[]) => void} [options.onChange] Called after some have come or failed.
   */
  constructor(fetch, { capacity = 1000, concurrent = 2, onChange = () => {} } = {}) {
    this.#fetch = fetch;
    this.#capacity = capacity;
    this.#concurrent = concurrent;
    this.#onChange = onChange;
  }

  /**
   * The page, if it is here; it may be old.
   *
   * @param {number} number
   */
  get(number) {
    const kept = this.#kept.get(number);
    if (kept) {
      this.#kept.delete(number);
      this.#kept.set(number, kept);
    }
    return kept?.page;
  }

  /**
   * Whether the page is here or has failed.
   *
   * @param {number} number
   */
  isSettled(number) {
    return this.#kept.has(number) || this.#failed.has(number);
  }

  /**
   * Ask for pages, the most urgent first, in place of those asked for before.
   *
   * @param {number[][]} groups What is fetched at once, as far as it is missing.
   */
  want(groups) {
    const numbers = new Set(groups.flat());
    for (const number of this.#failed.keys()) {
      if (!numbers.has(number)) this.#failed.delete(number);
    }
    for (const [request, sent] of this.#sent) {
      if (!sent.some((number) => numbers.has(number))) request.abort();
    }
    this.#wanted = groups;
    this.#send();
  }

  /**
   * Wait until each of the pages has come or failed, at most so long.
   *
   * @param {number[]} numbers
   * @param {number} patience In milliseconds.
   * @returns {Promise<void>}
   */
  settled(numbers, patience) {
    return new Promise((resolve) => {
      const check = () => {
        if (numbers.every((number) => this.isSettled(number))) end();
      };
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(end, patience);
      this.#waiting.add(check);
      check();
    });
  }

  /**
   * Why one of the pages is missing, if it failed.
   *
   * @param {number[]} numbers
   */
  failure(numbers) {
    return numbers.map((number) => this.#failed.get(number)).find(Boolean);
  }

  /** Let the pages that failed be asked for again. */
  retry() {
    this.#failed.clear();
  }

  /** What is kept is no longer true: it stays until it comes anew. */
  refresh() {
    this.#age += 1;
    this.retry();
  }

  /** A number now means another page: nothing stays. */
  clear() {
    this.refresh();
    this.#kept = new Map();
  }

  /** @param {number} number */
  #isMissing(number) {
    const kept = this.#kept.get(number);
    return kept ? kept.age < this.#age : !this.#failed.has(number);
  }

  #send() {
    for (const group of this.#wanted) {
      // What comes first never waits for all of what was less urgent.
      const most = group === this.#wanted[0] ? this.#concurrent : 1;
      if (this.#sent.size >= most) return;
      const sent = [...this.#sent.values()].flat();
      const missing = group.filter((each) => this.#isMissing(each) && !sent.includes(each));
      if (missing.length > 0) this.#receive(missing);
    }
  }

  /** @param {number[]} numbers */
  async #receive(numbers) {
    const request = new AbortController();
    this.#sent.set(request, numbers);
    const [age, kept] = [this.#age, this.#kept];
    try {
      const page = await this.#fetch(numbers, request.signal);
      for (const number of numbers) {
        kept.delete(number);
        kept.set(number, { page, age });
      }
      for (const oldest of kept.keys()) {
        if (kept.size <= this.#capacity) break;
        kept.delete(oldest);
      }
    } catch (reason) {
      const error = reason instanceof Error ? reason : new Error(String(reason));
      if (!request.signal.aborted && kept === this.#kept) {
        for (const number of numbers) this.#failed.set(number, error);
      }
    }
    this.#sent.delete(request);
    for (const check of [...this.#waiting]) check();
    this.#onChange(numbers);
    this.#send();
  }
}
