/** The most values that one page carries. */
const VALUES_PER_PAGE = 20_000;

/**
 * The number of rows in a page of a grid with so many columns.
 *
 * @param {number} columnCount
 */
export function rowsPerPage(columnCount) {
  const rows = Math.floor(VALUES_PER_PAGE / Math.max(1, columnCount));
  return Math.max(20, Math.min(200, rows));
}

/**
 * A cache of pages that are fetched when they are wanted.
 *
 * Requests leave a few at a time. What waits to leave is forgotten as soon as it is no longer
 * wanted, so that a drag over a million rows asks for the pages where it rests, at the pace of
 * the kernel. A page that failed is not asked for again until `retry`, or until it was no longer
 * wanted for a while.
 *
 * @template Page
 */
export class Pages {
  #fetch;
  #capacity;
  #concurrent;
  #onChange;
  /** @type {Map<number, Page>} The least recently used first. */
  #kept = new Map();
  /** @type {Map<number, Error>} */
  #failed = new Map();
  /** @type {Set<number>} */
  #sent = new Set();
  /** @type {number[]} The most urgent first. */
  #queue = [];
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /**
   * @param {(page: number) => Promise<Page>} fetch
   * @param {object} [options]
   * @param {number} [options.capacity] How many pages are kept.
   * @param {number} [options.concurrent] How many requests are on their way at once.
   * @param {() => void} [options.onChange] Called after a page has come or failed.
   */
  constructor(fetch, { capacity = 30, concurrent = 2, onChange = () => {} } = {}) {
    this.#fetch = fetch;
    this.#capacity = capacity;
    this.#concurrent = concurrent;
    this.#onChange = onChange;
  }

  /**
   * The page, if it is here.
   *
   * @param {number} number
   */
  get(number) {
    const page = this.#kept.get(number);
    if (page !== undefined) {
      this.#kept.delete(number);
      this.#kept.set(number, page);
    }
    return page;
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
   * @param {number[]} numbers
   */
  want(numbers) {
    for (const number of this.#failed.keys()) {
      if (!numbers.includes(number)) this.#failed.delete(number);
    }
    this.#queue = numbers.filter((number) => !this.isSettled(number) && !this.#sent.has(number));
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

  #send() {
    while (this.#sent.size < this.#concurrent) {
      const number = this.#queue.shift();
      if (number === undefined) return;
      this.#receive(number);
    }
  }

  /** @param {number} number */
  async #receive(number) {
    this.#sent.add(number);
    try {
      this.#keep(number, await this.#fetch(number));
    } catch (reason) {
      this.#failed.set(number, reason instanceof Error ? reason : new Error(String(reason)));
    }
    this.#sent.delete(number);
    for (const check of [...this.#waiting]) check();
    this.#onChange();
    this.#send();
  }

  /**
   * @param {number} number
   * @param {Page} page
   */
  #keep(number, page) {
    this.#kept.set(number, page);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= this.#capacity) break;
      this.#kept.delete(oldest);
    }
  }
}
