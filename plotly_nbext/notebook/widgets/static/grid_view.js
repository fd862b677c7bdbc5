/* sources sha256:fa32203414c41023b239c980f4bec778d2cefc47a4feddf14d5f845894395b28 body sha256:7d147dd7cf7a04f2955b526710612e67414592147e9638e3cd487afa63292aec built by esbuild 0.28.2 */
// src/dom.js
var FOCUSABLE = /* @__PURE__ */ new Set(["a", "button", "input", "select"]);
function keepKeys(focusable) {
  focusable.setAttribute("data-lm-suppress-shortcuts", "true");
}
function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) made.setAttribute(name, String(value));
    else Reflect.set(made, name, value);
  }
  if (FOCUSABLE.has(tag)) keepKeys(made);
  made.append(...children);
  return made;
}

// src/pages.js
var VALUES_PER_PAGE = 2e4;
function rowsPerPage(columnCount) {
  const rows = Math.floor(VALUES_PER_PAGE / Math.max(1, columnCount));
  return Math.max(20, Math.min(200, rows));
}
var Pages = class {
  #fetch;
  #capacity;
  #concurrent;
  #onChange;
  /** @type {Map<number, Page>} The least recently used first. */
  #kept = /* @__PURE__ */ new Map();
  /** @type {Map<number, Error>} */
  #failed = /* @__PURE__ */ new Map();
  /** @type {Set<number>} */
  #sent = /* @__PURE__ */ new Set();
  /** @type {number[]} The most urgent first. */
  #queue = [];
  /** @type {Set<() => void>} */
  #waiting = /* @__PURE__ */ new Set();
  /**
   * @param {(page: number) => Promise<Page>} fetch
   * @param {object} [options]
   * @param {number} [options.capacity] How many pages are kept.
   * @param {number} [options.concurrent] How many requests are on their way at once.
   * @param {() => void} [options.onChange] Called after a page has come or failed.
   */
  constructor(fetch, { capacity = 30, concurrent = 2, onChange = () => {
  } } = {}) {
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
    if (page !== void 0) {
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
      if (number === void 0) return;
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
};

// src/grid_source.js
var GRACE = 60;
var FIRST_PAGE_PATIENCE = 9e4;
var GridSource = class {
  /** @type {Pages<(string | null)[][]>} */
  #pages;
  #pageSize;
  #isFirst = true;
  /** @type {number[]} The pages of the rows last asked for. */
  #shown = [];
  /** @type {Set<number>} Those of them that were handed out empty. */
  #late = /* @__PURE__ */ new Set();
  /**
   * @param {object} grid
   * @param {Column[]} grid.columns
   * @param {number} grid.rowCount
   * @param {FetchRows} fetchRows
   * @param {() => void} redraw Called when rows that were handed out empty have come or failed.
   */
  constructor({ columns, rowCount }, fetchRows, redraw) {
    this.columns = columns;
    this.rowCount = rowCount;
    this.#pageSize = rowsPerPage(columns.length);
    const onChange = () => {
      const settled = [...this.#late].filter((page) => this.#pages.isSettled(page));
      for (const page of settled) this.#late.delete(page);
      if (settled.length > 0) redraw();
    };
    const fetchPage = (page) => {
      const start = page * this.#pageSize;
      return fetchRows(start, Math.min(rowCount, start + this.#pageSize));
    };
    this.#pages = new Pages(fetchPage, { onChange });
  }
  /** The error that keeps some of the rows last asked for from being here, if one does. */
  get failure() {
    return this.#pages.failure(this.#shown);
  }
  /** Whether some of the rows last asked for are still on their way. */
  get isLoading() {
    return this.#late.size > 0;
  }
  /** Let what failed be asked for again. */
  retry() {
    this.#pages.retry();
  }
  /**
   * A rectangle of cells, one list per column; undefined where they are late.
   *
   * @param {number} x0
   * @param {number} y0
   * @param {number} x1
   * @param {number} y1
   * @returns {Promise<Cell[][]>}
   */
  async cells(x0, y0, x1, y1) {
    if (x1 <= x0 || y1 <= y0) return Array.from({ length: x1 - x0 }, () => []);
    const first = Math.floor(y0 / this.#pageSize);
    const last = Math.floor((y1 - 1) / this.#pageSize);
    this.#shown = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const neighbours = [last + 1, first - 1].filter(
      (page) => page >= 0 && page * this.#pageSize < this.rowCount
    );
    this.#pages.want([...this.#shown, ...neighbours]);
    await this.#pages.settled(this.#shown, this.#isFirst ? FIRST_PAGE_PATIENCE : GRACE);
    this.#isFirst = false;
    this.#late = new Set(
      this.#shown.filter((page) => this.#late.has(page) || !this.#pages.isSettled(page))
    );
    const { length } = this.columns.slice(x0, x1);
    return Array.from(
      { length },
      (_, x) => Array.from({ length: y1 - y0 }, (_2, y) => this.#cell(x0 + x, y0 + y))
    );
  }
  /**
   * @param {number} column
   * @param {number} row
   * @returns {Cell}
   */
  #cell(column, row) {
    const page = this.#pages.get(Math.floor(row / this.#pageSize));
    return page && (page[column]?.[row % this.#pageSize] ?? null);
  }
};

// node_modules/regular-table/dist/esm/regular-table.js
var G = 0;
var k = 0;
var te = performance.now();
function ie() {
  let w = performance.now(), e = w - te, t = G, i = k * 1e3 / e, s = 1e3 / t, n = k;
  return G = 0, k = 0, te = w, { avg: t, real_fps: i, virtual_fps: s, num_frames: n, elapsed: e };
}
function se(w) {
  G = (G * k + w) / (k + 1), k += 1;
}
var D = /* @__PURE__ */ new Map();
async function ne(w) {
  return await new Promise(requestAnimationFrame), await D.get(w)?.promise;
}
async function $(w, e) {
  if (D.has(w) && (await D.get(w)?.promise, D.has(w))) {
    await D.get(w)?.promise;
    return;
  }
  D.set(w, Promise.withResolvers());
  try {
    return await e();
  } finally {
    let t = D.get(w);
    D.delete(w), t?.resolve(void 0);
  }
}
var ue = navigator.userAgent.toLowerCase().indexOf("firefox") > -1;
var re = ue ? 5e6 : 1e7;
var oe = ":host{position:absolute;top:0px;left:0px;right:0px;bottom:0px;overflow:scroll;overflow-anchor:none;overscroll-behavior:none;-webkit-overflow-scrolling:touch;}div.rt-virtual-panel{position:absolute;top:0;left:0;right:0;pointer-events:none;}div.rt-scroll-table-clip{position:sticky;contain:strict;overflow-anchor:none;width:100%;height:100%;}slot{position:absolute;overflow:hidden;overflow-anchor:none;}";
var fe = "--regular-table--clip-x";
var _e = "--regular-table--clip-y";
var be = "--regular-table--transform-x";
var pe = "--regular-table--transform-y";
var we = '<div class="rt-virtual-panel"></div><div class="rt-scroll-table-clip"><slot></slot></div>';
var ge = 1;
var q = class extends HTMLElement {
  a;
  i;
  r;
  X;
  G;
  f;
  _;
  b;
  q;
  s;
  e;
  t;
  it;
  st;
  table_model;
  n;
  C;
  U;
  h;
  o;
  async draw(e = {}) {
    return typeof e.throttle < "u" && !e.throttle ? await ae.call(this, e) : await $(this, () => ae.call(this, e));
  }
  async flush() {
    do
      await ne(this);
    while (this.C);
  }
  async predraw(e, t, i = {}) {
    let { invalid_viewport: s = true, preserve_width: n = false, cache: r = false, scroll_left: o = this.scrollLeft, scroll_top: l = this.scrollTop, container_height: u = t, throttle: d } = i, h = () => Object.assign(() => true, { inline: true }), a = async () => (await this.draw({ invalid_viewport: s, preserve_width: n, cache: r, throttle: d }), h());
    if (!this.t) return console.warn("data listener not configured"), h();
    let { num_columns: _, num_rows: p } = await this.Y(r);
    if (!this.e.row_height) return await a();
    let c = p || 0, g = _ || 0, f = this.j(() => e, () => t, () => u);
    this.r = f;
    let m = Math.round(this.A(c)), v = Number.isFinite(f.containerHeight) ? Math.min(l, Math.max(0, m - f.containerHeight)) : l, b, M, R = false, z = false;
    for (let T = 0; T < 2; T++) {
      let V = this.t.row_headers_length, H = this.K(c, g, v, o), A = this.Ce(H, g);
      if (A === void 0) return await a();
      if (H.end_col = Math.min(g, A + ge), T === 0) {
        let { invalid_row: E, invalid_column: x } = this.Z(H);
        z = !!(this.b || x), R = z || E || s;
      } else if (Math.floor(H.start_col) === Math.floor(b.start_col) && Math.ceil(H.end_col) <= Math.ceil(b.end_col)) {
        H.end_col = b.end_col, b = H;
        break;
      }
      if (b = H, !R) break;
      M = await this.t.view(Math.floor(b.start_col), Math.floor(b.start_row), Math.ceil(b.end_col), Math.ceil(b.end_row));
      let C = M.num_row_headers ?? M.row_headers?.[0]?.length ?? 0;
      if (C === V) break;
      this.t.row_headers_length = C;
    }
    let y = this.t;
    return Object.assign(() => {
      if (this.r = f, this.J(b), this.Q(s, c, g, n), !R || M === void 0) return this.p(b), true;
      let T = true, V = () => {
        T && (this.p(b), T = false);
        for (let A of this.n) A({ detail: this });
      }, H = this.table_model.draw_sync(f, y, this.q, n, b, g, M, V);
      return this.ee(b, c, g, n, z), y === this.t && (this.b = false), H || this.draw({ invalid_viewport: true }), H;
    }, { inline: false });
  }
  async Y(e) {
    e || this.table_model.Te();
    let t = await this.table_model.Ee(this.t);
    return this.U = t.num_columns || 0, this.e.row_height = t.row_height || this.e.row_height, t.num_row_headers !== void 0 && (this.t.row_headers_length = t.num_row_headers), t.num_column_headers !== void 0 && (this.t.column_headers_length = t.num_column_headers), t;
  }
  j(e, t, i) {
    let s = this.i === "none" || this.i === "horizontal";
    return { width: this.i === "none" || this.i === "vertical" ? 1 / 0 : e(), height: s ? 1 / 0 : t(), containerHeight: s ? 1 / 0 : i() };
  }
  Q(e, t, i, s) {
    this.te(t), s || this.ie(e, i);
  }
  ee(e, t, i, s, n) {
    this.p(e);
    let r = this.e.row_height;
    this.table_model.header.reset_header_cache(), r !== this.e.row_height && this.te(t), s || this.ie(n, i);
  }
  Ce(e, t) {
    if (this.i === "none" || this.i === "vertical") return e.end_col;
    let { indices: i, override: s } = this.e, n = (h) => s[h] ?? i[h], r = this.t.row_headers_length, o = 0;
    for (let h = 0; h < r; h++) {
      let a = n(h);
      if (a === void 0) return;
      o += a;
    }
    let l = Math.floor(e.start_col), u = i[r + l] ?? 0, d = l;
    for (; d < t && o - u <= this.r.width; ) {
      let h = n(r + d);
      if (h === void 0) return;
      o += h, d++;
    }
    return d;
  }
  Se() {
    if (this.f === void 0 || this._ === void 0 || !this.t || this.i === "none" || this.i === "vertical" || this._ >= (this.U ?? 0)) return;
    let { indices: e, override: t } = this.e, i = this.t.row_headers_length, s = 0;
    for (let r = 0; r < i; r++) s += e[r] || 0;
    for (let r = this.f; r < this._; r++) {
      let o = i + r, l = t[o] ?? e[o];
      if (l === void 0) return;
      s += l;
    }
    let n = e[i + this.f];
    s - (n ?? 0) <= this.r.width && this.draw({ invalid_viewport: true });
  }
  Le() {
    if (!this.o) {
      this.o = [document.createElement("table"), document.createElement("td")], this.o[0].style.visibility = "hidden", this.o[0].style.position = "absolute";
      let e = document.createElement("tbody"), t = document.createElement("tr");
      this.o[1].textContent = "X", t.appendChild(this.o[1]), e.appendChild(t), this.o[0].appendChild(e);
    }
    this.appendChild(this.o[0]), this.e.row_height = this.o[1].offsetHeight, this.o[0].remove();
  }
  xe() {
    if (this.attachShadow({ mode: "open" }), !this.shadowRoot) return;
    let e = new CSSStyleSheet();
    e.replaceSync(oe), this.shadowRoot.adoptedStyleSheets = [e], this.shadowRoot.innerHTML = we;
    let [t, i] = this.shadowRoot.children;
    this.s = i, this.a = t, this.se();
  }
  se() {
    this.s && (this.i === "both" || this.i === "vertical" ? this.s.style.top = "0px" : this.s.style.removeProperty("top"), this.i === "both" || this.i === "horizontal" ? this.s.style.left = "0px" : this.s.style.removeProperty("left"), this.i !== "both" ? this.s.style.contain = "none" : this.s.style.removeProperty("contain"));
  }
  K(e, t, i, s) {
    let { start_row: n, end_row: r } = this.He(e, i), { start_col: o, end_col: l } = this.P(t, s);
    return { start_col: o, end_col: l, start_row: n, end_row: r };
  }
  Z({ start_col: e, end_col: t, start_row: i, end_row: s }) {
    i = Math.floor(i), s = Math.ceil(s), e = Math.floor(e), t = Math.ceil(t);
    let n = this.f !== e, r = this.X !== i || this.G !== s || this._ !== t;
    return { invalid_column: n, invalid_row: r };
  }
  J({ start_col: e, end_col: t, start_row: i, end_row: s }) {
    this.f = Math.floor(e), this._ = Math.ceil(t), this.X = Math.floor(i), this.G = Math.ceil(s);
  }
  ie(e, t) {
    if (e) if (this.i === "vertical" || this.i === "none") {
      let i = 0;
      for (let s of this.e.indices) i += s || 0;
      this.a.style.width = i.toPrecision(10) + "px";
    } else {
      let i = this.Re(t);
      if (i !== 0) {
        let s = this.r.width + i + 2;
        this.a.style.width = s.toPrecision(10) + "px";
      } else this.a.style.width = "1px";
    }
  }
  te(e) {
    let t = this.A(e);
    this.a.style.height = `${t.toPrecision(10)}px`;
  }
  A(e) {
    let { row_height: t = 0 } = this.e, i = this.t.column_headers_length * t;
    return Math.min(re, e * t + i);
  }
  ne(e, t) {
    let i = this.table_model.table.style;
    i.setProperty(fe, `${e}px`), i.setProperty(_e, `${t}px`), i.setProperty(be, `${-e}px`), i.setProperty(pe, `${-t}px`);
  }
  p(e) {
    let t = (this.e.row_height || 0) * (e.start_row % 1) || 0, i = (this.table_model.c || 0) + Math.floor(e.start_col), s = (this.e.indices[i] ?? this.table_model.Ae()) * (e.start_col % 1) || 0;
    this.ne(s, t);
  }
  P(e, t) {
    if (this.i === "none" || this.i === "vertical") return { start_col: 0, end_col: 1 / 0 };
    {
      let i = this.Pe(t), s = this.table_model.num_columns() || Math.min(e, Math.ceil(this.r.width / 60)), n = i + s + 1;
      return { start_col: i, end_col: n };
    }
  }
  He(e, t) {
    let { height: i, containerHeight: s } = this.r, n = this.e.row_height || 0, r = this.t.column_headers_length, o = Math.round(this.A(e)), l = Math.max(1, o - s), u = Math.max(Math.ceil(t), 0) / l, d = i / n - r, _ = Math.max(0, (e || 0) - d) * u, p = Math.max(0, Math.min(_ + d, e));
    return { start_row: _, end_row: p };
  }
  Pe(e) {
    let t = this.t.row_headers_length, i = 0, s = 0, n = 0;
    for (; s < e; ) {
      let r = this.e.indices[i + t];
      n = e - s, i += 1, s += r !== void 0 ? r : 60;
    }
    return i += n / (this.e.indices[i + t - 1] || 60), Math.max(0, i - 1);
  }
  Ve(e) {
    let t = 0;
    if (this.t.row_headers_length > 0) for (let n of this.e.indices.slice(0, this.t.row_headers_length)) t += n || 0;
    let i = this.t.row_headers_length, s = e;
    for (; t < this.r.width && s >= 0; ) s--, t += this.e.indices[s + i] || 60;
    return Math.min(e - 1, s + 1);
  }
  Re(e) {
    let t = this.t.row_headers_length, i = this.Ve(e), s = t, n = 0;
    for (; s < i + t; ) n += this.e.indices[s] || 60, s++;
    if (s < this.e.indices.length) {
      let r = 0, o = this.t.row_headers_length;
      for (let l = 0; l < o && l < this.e.indices.length; l++) r += this.e.indices[l] || 0;
      n += Math.max(0, (this.e.indices[s] || 0) - (this.r.width - (r || 0)) || 0);
    }
    return n;
  }
};
async function ae(w) {
  let e = performance.now(), { invalid_viewport: t = true, preserve_width: i = false } = w, { num_columns: s, num_rows: n } = await this.Y(w.cache);
  this.e.row_height || this.Le();
  let r = n || 0, o = s || 0;
  this.r = this.j(() => this.s.clientWidth, () => this.s.clientHeight, () => this.clientHeight), this.Q(t, r, o, i);
  let l = this.K(r, o, this.scrollTop, this.scrollLeft), { invalid_row: u, invalid_column: d } = this.Z(l);
  this.J(l);
  let h = this.b || d;
  if (h || u || t) {
    let a = true;
    await this.table_model.draw(this.r, this.t, this.q, i, l, o, async () => {
      a && (this.p(l), a = false);
      for (let _ of this.n) await _({ detail: this });
    }), this.ee(l, r, o, i, h), this.b = false;
  } else this.p(l);
  se(performance.now() - e);
}
var P = /* @__PURE__ */ new WeakMap();
var B = /* @__PURE__ */ new WeakMap();
var F = class {
  e;
  De;
  table;
  cells;
  rows;
  constructor(e, t, i) {
    this.e = e, this.De = t, this.table = i, this.cells = [], this.rows = [];
  }
  num_columns() {
    return this.T(Math.max(0, this.rows.length - 1)).row_container.length;
  }
  num_rows() {
    return this.cells.length;
  }
  nt(e, t) {
    P.set(e, t);
  }
  V(e, t) {
    let i = B.get(e);
    i !== t && (i !== void 0 && e.classList.remove(`rt-col-${i}`), e.classList.add(`rt-col-${t}`), B.set(e, t));
  }
  w(e) {
    let t = B.get(e);
    t !== void 0 && (e.classList.remove(`rt-col-${t}`), B.delete(e));
  }
  g(e) {
    if (!e) return { value: void 0 };
    let t = P.get(e);
    return t || (t = { value: void 0 }, P.set(e, t)), t;
  }
  re(e, t) {
    let { tr: i, row_container: s } = this.T(e), n = s[t];
    return n && (i.removeChild(n), s.splice(t, 1, void 0)), n;
  }
  M(e, t) {
    if (!(e < 0 || t < 0)) return this.cells[e]?.[t];
  }
  T(e) {
    let t = this.rows[e];
    t || (t = this.rows[e] = document.createElement("tr"), this.table.appendChild(t));
    let i = this.cells[e];
    return i || (i = this.cells[e] = []), { tr: t, row_container: i };
  }
  D(e = "TD", t, i) {
    let { tr: s, row_container: n } = this.T(t), r = n[i];
    if (!r) if (i < n.length) {
      r = n[i] = document.createElement(e);
      let o = n.slice(i + 1).find((l) => l);
      s.insertBefore(r, o || null);
    } else r = n[i] = document.createElement(e), s.appendChild(r);
    if (r.tagName !== e) {
      let o = document.createElement(e);
      s.replaceChild(o, r), this.cells[t].splice(i, 1, o), r = o;
    }
    return r;
  }
  oe(e) {
    for (let t = 0; t < this.rows.length; t++) {
      let i = this.rows[t], s = this.cells[t];
      s.length = (Array.isArray(e) ? e[t] : e) || 0;
      let n = this.cells[t].filter((o) => o !== void 0).length, r = [];
      for (let o = n; o < i.children.length; o++) r.push(i.children[o]);
      for (let o of r) o.remove();
    }
  }
  E(e) {
    e = Math.min(e, this.rows.length);
    let t = [];
    for (let i = e; i < this.table.children.length; i++) t.push(this.table.children[i]);
    for (let i of t) i.remove();
    this.rows.length = e, this.cells.length = e;
  }
};
var Me = false;
var U = class extends q {
  le;
  ae;
  he;
  de;
  S;
  z;
  ce;
  ue;
  register_listeners() {
    this.addEventListener("mousedown", this.ze.bind(this)), this.addEventListener("scroll", this.O.bind(this), { passive: true }), this.Oe();
  }
  async O(e) {
    if (e.stopPropagation(), this.ce = this.scrollLeft, this.ue = this.scrollTop, this.C) {
      this.z = true;
      return;
    }
    this.C = true;
    let t = this.s.clientWidth, i = this.s.clientHeight, s = this.clientHeight;
    try {
      await $(this, async () => {
        do {
          this.z = false;
          let n = await this.predraw(t, i, { invalid_viewport: false, cache: true, throttle: false, container_height: s, scroll_left: this.ce, scroll_top: this.ue });
          n.inline || (await new Promise(requestAnimationFrame), n());
        } while (this.z);
      });
    } finally {
      this.C = false;
    }
    this.dispatchEvent(new CustomEvent("regular-table-scroll"));
  }
  Oe() {
    this.addEventListener("mousewheel", this.We.bind(this), { passive: true }), Me && (this.addEventListener("touchmove", this.ke.bind(this)), this.addEventListener("touchstart", this.Be.bind(this), { passive: true }));
  }
  We(e) {
    if (!window.hasOwnProperty("safari")) return;
    let t = e, { clientWidth: i, clientHeight: s, scrollTop: n, scrollLeft: r } = this;
    t.preventDefault(), t.returnValue = false;
    let o = Math.max(1, this.a.offsetHeight - s), l = Math.max(1, this.a.offsetWidth - i);
    this.scrollTop = Math.max(0, Math.min(o, n + t.deltaY)), this.scrollLeft = Math.max(0, Math.min(l, r + t.deltaX)), this.O(t);
  }
  ke(e) {
    e.stopPropagation(), e.preventDefault(), e.returnValue = false;
    let { clientWidth: t, clientHeight: i } = this, s = Math.max(1, this.a.offsetHeight - i), n = Math.max(1, this.a.offsetWidth - t);
    this.scrollTop = Math.min(s, (this.le || 0) + ((this.he || 0) - e.touches[0].pageY)), this.scrollLeft = Math.min(n, (this.ae || 0) + ((this.de || 0) - e.touches[0].pageX)), this.O(e);
  }
  Be(e) {
    this.he = e.touches[0].pageY, this.de = e.touches[0].pageX, this.le = this.scrollTop, this.ae = this.scrollLeft;
  }
  async Fe(e) {
    let t = e.target, i = t.classList.contains("rt-column-resize");
    for (; t.tagName !== "TD" && t.tagName !== "TH"; ) if (t = t.parentElement, !this.contains(t)) return;
    let s = P.get(t);
    if (i && s) {
      e.stopImmediatePropagation(), e.shiftKey ? (this.e.override = {}, this.e.auto = [], this.e.indices = []) : (delete this.e.override[s.size_key], this.e.auto[s.size_key] = void 0, this.e.indices[s.size_key] = void 0), this.table_model.updateColumnWidthStyles({ start_row: 0, end_row: 0, ...this.P(0, this.scrollLeft) }, this.t.row_headers_length);
      for (let n of e.shiftKey ? [this.table_model.header.cells[this.table_model.header.cells.length - 1], ...this.table_model.body.cells] : this.table_model.body.cells) for (let r of e.shiftKey ? n : [n[s.virtual_x]]) r && (r.classList.remove("rt-cell-clip"), this.h || this.table_model.body.w(r));
      await this.draw({ cache: true });
    }
  }
  async $e(e) {
    if (e.button !== 0) return;
    let t = e.target, i = t.classList.contains("rt-column-resize");
    for (; t.tagName !== "TD" && t.tagName !== "TH"; ) if (t = t.parentElement, !this.contains(t)) return;
    let s = P.get(t);
    i && s && (this.Ne(e, t, s), e.stopImmediatePropagation());
  }
  async ze(e) {
    let t = performance.now();
    this.S && t - this.S < 500 ? (this.S = t, await this.Fe(e)) : (this.S = t, await this.$e(e));
  }
  Ne(e, t, i) {
    let { virtual_x: s, size_key: n } = i, r = e.pageX, o = (s || 0) + t.colSpan - 1, l = this.table_model.header.get_column_header(o), u = this.e.indices[n || 0] || 0, d = (a) => $(this, async () => await this.Ie(a, l, r, u, n || 0, o)), h = () => {
      document.removeEventListener("mousemove", d), document.removeEventListener("mouseup", h);
      let a = this.e.override[n || 0], _ = this.e.indices[n || 0] !== a;
      this.e.indices[n || 0] = a, _ && this.draw({ cache: true });
    };
    document.addEventListener("mousemove", d), document.addEventListener("mouseup", h);
  }
  async Ie(e, t, i, s, n, r) {
    await new Promise(requestAnimationFrame);
    let o = e.pageX - i, l = Math.max(1, s + o);
    if (this.e.override[n] = l, o < 0) await this.draw({ preserve_width: true, throttle: false, cache: true });
    else {
      this.table_model.updateColumnWidthStyles({ start_row: 0, end_row: 0, ...this.P(0, this.scrollLeft) }, this.t.row_headers_length);
      let d = (this.e.auto[n] || 0) > l;
      t.classList.toggle("rt-cell-clip", d);
      for (let h of this.table_model.body.cells) {
        let a = h[r];
        a && (a.classList.toggle("rt-cell-clip", d), this.h || (d ? this.table_model.body.V(a, n) : this.table_model.body.w(a)));
      }
    }
  }
};
var he = /* @__PURE__ */ new WeakMap();
var Y = class extends F {
  l;
  d;
  L;
  constructor(e, t, i, s) {
    super(e, t, i), this.l = [], this.d = [], this.L = s;
  }
  me(e, t, i) {
    let s = this.D("TH", t, e[t] || 0);
    e[t] += 1;
    let n = he.get(s);
    if (n !== void 0 && n.value === i && s.lastChild === n.resize && s.firstChild === (i instanceof HTMLElement ? i : n.span)) return s;
    if (s.removeAttribute("colspan"), s.textContent = "", n === void 0) {
      let r = document.createElement("span");
      r.className = "rt-column-resize", n = { value: void 0, span: document.createElement("span"), resize: r }, he.set(s, n);
    }
    return i instanceof HTMLElement ? s.appendChild(i) : (n.span.textContent = String(i ?? ""), s.appendChild(n.span)), s.appendChild(n.resize), n.value = i, s;
  }
  Xe(e, t, i) {
    let s = this.g(i);
    return this.w(i), s.column_header = e, s.value = t, s;
  }
  Ge(e, t, i, s) {
    let n = this.g(i);
    if (n.column_header = e, n.value = t, n.size_key = Array.isArray(s) ? s[0] : s, !Array.isArray(s) || s.length <= 1) {
      this.V(i, n.size_key || 0), this.L?.(i);
      let r = this.e.override[n.size_key || 0], o = this.e.auto[n.size_key || 0] || 0;
      i.classList.toggle("rt-cell-clip", !!r && o > r);
    } else this.w(i);
    return n;
  }
  get_column_header(e) {
    return this.D("TH", this.num_rows() - 1, e);
  }
  draw(e, t, i, s, n, r, o, l, u) {
    let d = t?.length;
    if (d === 0) return;
    let h, a, _, p;
    l = typeof l > "u" ? d - 1 : l;
    for (let c = 0; c < d; c++) {
      if (_ = t[c] ? t[c] : "", this.d[c] = this.d[c] || 0, c < l) u && this.l?.[c]?.[0]?.value === _ ? (h = this.l[c][1], this.l[c][2] += 1, i === 1 && (this.l[c][0].row_header_x = Array.isArray(n) ? n[0] : n)) : (this.fe(c), h = this.me(this.d, c, _), a = this.Xe(t, _, h), this.l[c] = [a, h, 1]);
      else {
        h = this.me(this.d, c, _), a = this.Ge(e.length > 0 ? e : t, _, h, n), typeof p > "u" && (p = { th: h, metadata: a });
        for (let [g] of this.l) g.size_key = a.size_key;
        h.removeAttribute("colspan");
      }
      this.T(c).tr.classList.toggle("rt-autosize", c === l), h.classList.toggle("rt-group-corner", s === void 0), a && (a.x = typeof s > "u" ? s : Math.floor(s), a.column_header_y = c, a.x0 = Math.floor(r), a.virtual_x = o, i === 1 ? (a.type = "corner", a.row_header_x = Array.isArray(n) ? n[0] : n) : (a.type = "column_header", delete a.row_header_x));
    }
    return this.E(this.d.length), p = p || { th: h, metadata: a }, p;
  }
  fe(e) {
    let t = this.l[e];
    if (!t) return;
    let [, i, s] = t;
    if (s > 1) {
      let n = String(s);
      i.getAttribute("colspan") !== n && i.setAttribute("colspan", n);
    } else i.hasAttribute("colspan") && i.removeAttribute("colspan");
  }
  flush_colspans() {
    for (let e = 0; e < this.l.length; e++) this.fe(e);
  }
  clean() {
    this.flush_colspans(), this.oe(this.d);
  }
  reset_header_cache() {
    this.d = [], this.l = [];
  }
};
var j = class extends F {
  h;
  _e(e, t, i, s, { column_name: n }, { ridx_offset: r }, o) {
    let l = this.D(e, t, s), u = this.g(l);
    u.y = t + Math.floor(r);
    let d = u.size_key = o || 0;
    e === "TD" && (u.column_header = n);
    let h = this.e.override[d], a = !!h && (this.e.auto[d] || 0) > h;
    return l.classList.toggle("rt-cell-clip", a), this.h || a ? this.V(l, d) : this.w(l), u.value !== i && (i instanceof HTMLElement ? (l.textContent = "", l.appendChild(i)) : l.textContent = String(i ?? "")), u.value = i, { td: l, metadata: u };
  }
  draw(e, t, i, s = false, n, r, o, l) {
    let { cidx: u, column_data: d, row_headers: h, column_data_listener_metadata: a } = t, { row_height: _ } = i, p, c = [], g = [], f = 0, m = [], v = s ? i.row_headers_length ?? 1 : 1, b = (i.ridx_offset ?? 0) % 1 !== 0 ? 1 : 0, M = false, R = Math.floor(i.ridx_offset), z = Math.ceil(i.y1), y = Math.ceil(i.x1), T = n === void 0 ? n : Math.floor(n), V = r === void 0 ? void 0 : Math.floor(r), H = Math.floor((n ?? 0) - (r ?? 0));
    for (let C = 0; C < v; C++) {
      f = 0, M = false;
      let E = u + C;
      for (let x of d) {
        let S;
        if (s) {
          let L = x, N = L[C], Q = c[C] || 1, I = this.M(f - Q, E), de = this.g(I), ee = m[f] || 1, X = this.M(f, E - ee), ce = this.g(X);
          if (l && X && (ce.value === N || N === void 0) && !X.hasAttribute("rowspan")) {
            let O = m[f] = ee + 1;
            X.setAttribute("colspan", String(O)), this.re(f, E);
          } else if (l && I && de.value === N && !I.hasAttribute("colspan")) {
            let O = c[C] = Q + 1;
            I.setAttribute("rowspan", String(O)), this.re(f, E);
          } else {
            S = this._e("TH", f, N, E, t, i, C);
            let O = S.td, W = S.metadata;
            O.style.display = "", O.removeAttribute("rowspan"), O.removeAttribute("colspan"), W.type = "row_header", W.row_header = L, W.row_header_x = C, W.y0 = R, W.y1 = z, W.virtual_x = C, V !== void 0 && (W.x0 = V), c[C] = 1, m[f] = 1, g[C] = S;
          }
        } else {
          S = this._e("TD", f, x, u, t, i, o ?? 0);
          let L = S.metadata;
          a && (L.user = a[f]), L.type = "body", L.x = T || 0, L.x1 = y, L.row_header = h?.[f] || [], L.y0 = R, L.y1 = z, L.dx = H, L.dy = (L.y ?? 0) - R, L.virtual_x = u, V !== void 0 && (L.x0 = V), g[0] = S;
        }
        if (f++, p = S ? S.metadata : p, _ = _ || S?.td.offsetHeight, (f - b) * (_ ?? 0) > e) {
          M = true;
          break;
        }
      }
    }
    let A = M ? f : f + b;
    if (A > f) {
      let C = this.rows[f], E = this.rows[f - 1];
      (!!l && (i.row_headers_length ?? 0) > 0 || !C || !E || C.children.length !== E.children.length || C.querySelector("[colspan],[rowspan]") !== null || E.querySelector("[colspan],[rowspan]") !== null) && (A = f);
    }
    return this.E(A), { tds: g, ridx: A, drawn_ridx: f, row_height: _ };
  }
  clean({ ridx: e, cidx: t, drawn_ridx: i = e }) {
    if (this.E(e), this.oe(t), i < this.rows.length) {
      let s = this.rows[i], n = this.rows[i - 1], r = (h) => h?.children[h.children.length - 1], o = r(s), l = r(n), u = o && P.get(o), d = l && P.get(l);
      (!u || !d || u.x !== d.x || s.children.length !== n.children.length) && this.E(i);
    }
  }
};
var Z = class {
  e;
  c = 0;
  header;
  body;
  qe(e, t) {
    let { start_row: i = 0, start_col: s = 0, end_col: n = 0, end_row: r = 0 } = e, o = this.e.indices[(this.c || 0) + Math.floor(e.start_col)] ?? 0;
    return { viewport_width: 0, selected_id: t, ridx_offset: i, sub_cell_offset: o, x0: s, x1: n, y1: r, row_height: this.e.row_height, row_headers_length: this.c };
  }
  Ae() {
    let e = 0, t = 0;
    for (let i of this.e.indices) i && (e += i, t++);
    return t ? e / t : 60;
  }
  Ue(e, t, i, s, n, r, o, l, u, d) {
    let h = [`${t}`], a = [], _ = { column_name: h, cidx: 0, column_data: e, row_headers: e, first_col: true }, p = Math.floor(o), c = this.body.draw(s, _, { ...n, x0: 0 }, true, void 0, void 0, p, d), g = [];
    for (let m = 0; m < t; m++) {
      let v = this.header.draw(h, Array(i).fill(""), 1, void 0, m, o, m, l, u);
      v && g.push(v);
    }
    for (let m = 0; m < g.length; m++) {
      let { th: v } = g[m];
      n.viewport_width += this.e.indices[m] || v.offsetWidth;
    }
    n.row_height = n.row_height || c.row_height;
    let f = t;
    if (!r) for (let m = 0; m < t; m++) {
      let { td: v, metadata: b } = c.tds[m] || {}, { th: M, metadata: R } = g[m] || {};
      (v || M) && a.push([M || v, R || b]);
    }
    return { cont_body: c, first_col: false, Ye: f, last_cells: a };
  }
  je(e, t, i, s, n, r) {
    let o = 0, l = 0;
    for (; this.e.indices.length > n + r + o + 1 && l + t.viewport_width < i; ) o++, l += this.e.indices[n + r + o] || 0;
    if (l + t.viewport_width < i) {
      let u = Math.min(s, e.start_col + 5);
      e.end_col = Math.max(1, Math.min(s, u));
    } else e.end_col = Math.max(1, Math.min(s, e.start_col + o));
  }
  Ke(e, t, i, s, n, r, o, l, u, d) {
    let h = t.column_headers?.[e] || [], a = t.data[e], _ = t.metadata?.[e], p = { column_name: h, cidx: i, column_data: a, column_data_listener_metadata: _, row_headers: t.row_headers, first_col: o }, c = e + s, g = i + Math.floor(s), f = this.header.draw(h, h, void 0, c, g, s, i, l, u), m = this.body.draw(n, p, r, false, c, s, g, d);
    return { cont_head: f, cont_body: m };
  }
  async Ze(e, t, i, s, n, r, o, l, u) {
    let d = Math.max(s + Math.floor(u), 0), h = structuredClone(e);
    h.start_col = d, this.je(h, n, r, o, l, u);
    let a = await t(Math.floor(h.start_col), Math.floor(h.start_row), Math.ceil(h.end_col), Math.ceil(h.end_row)), _, p;
    if (typeof a.column_header_merge_depth < "u" && (_ = a.column_header_merge_depth), typeof a.merge_headers < "u" && (p = a.merge_headers), a.data.length === 0) return { column_header_merge_depth: _, merge_headers: p };
    e.end_col = h.start_col + a.data.length;
    for (let c = 0; c < a.data.length; c++) i.data[s + c] = a.data[c], a.metadata && i.metadata && (i.metadata[s + c] = a.metadata[c]), i.column_headers && a.column_headers?.[c] && (i.column_headers[s + c] = a.column_headers[c]);
    return { column_header_merge_depth: _, merge_headers: p };
  }
  H(e, t) {
    this.body.clean({ ridx: e?.ridx || 0, cidx: t, drawn_ridx: e?.drawn_ridx ?? e?.ridx ?? 0 }), this.header.clean();
  }
};
var ve = 0;
var K = class extends Z {
  table;
  u;
  W = /* @__PURE__ */ new Map();
  R = /* @__PURE__ */ new Map();
  k;
  v;
  Je;
  m;
  be = /* @__PURE__ */ new WeakSet();
  pe = {};
  B = false;
  we;
  constructor(e, t, i) {
    super(), this.e = t, this.clear(i);
    let [s] = i.children, [n, r] = s.children;
    this.table = s, this.k = `rt-scope-${ve++}`, this.table.classList.add(this.k), this.m = new ResizeObserver(this.Qe.bind(this)), this.header = new Y(t, e, n, (o) => this.L(o)), this.body = new j(t, e, r);
  }
  dispose() {
    this.m?.disconnect();
  }
  L(e) {
    !this.m || this.be.has(e) || (this.be.add(e), this.m.observe(e));
  }
  Qe(e) {
    if (this.B) {
      for (let s of e) this.m.unobserve(s.target), this.m.observe(s.target);
      return;
    }
    let t = this.table.currentCSSZoom ?? 1, i = [];
    for (let s of e) {
      let n = B.get(s.target);
      if (n === void 0 || this.e.override[n] !== void 0) continue;
      let r = s.target.getBoundingClientRect().width / t;
      r && this.e.indices[n] !== r && i.push([n, r]);
    }
    if (i.length > 0) {
      this.ge();
      for (let [s, n] of i) this.e.indices[s] = n, this.e.auto[s] = n, this.F(s);
      this.we?.();
    }
  }
  num_columns() {
    return this.header.num_columns();
  }
  clear(e) {
    e.innerHTML = '<table cellspacing="0"><thead></thead><tbody></tbody></table>';
  }
  $(e) {
    for (let [, t] of e) {
      let i = t?.size_key;
      if (i === void 0) return true;
      let s = this.e.override[i];
      if (s !== void 0) {
        if (this.pe[i] !== s) return true;
      } else if (!this.e.indices[i]) return true;
    }
    return false;
  }
  autosize_cells(e, t) {
    let i = this.table.currentCSSZoom ?? 1, s = [];
    for (let [n, r] of e) {
      let o = n.getBoundingClientRect();
      s.push({ cell: n, metadata: r, box: o });
    }
    for (let { metadata: n, box: r } of s) if (this.e.row_height = t ?? Math.max(10, Math.min(this.e.row_height ?? r.height / i, r.height / i)), n?.size_key !== void 0) {
      this.e.indices[n.size_key] = r.width / i;
      let o = this.e.override[n.size_key];
      r.width / i && o === void 0 && (this.e.auto[n.size_key] = r.width / i), o !== void 0 && (this.pe[n.size_key] = o);
    }
  }
  updateColumnWidthStyles(e, t) {
    if (!this.ge()) return;
    let i;
    for (i = 0; i < t; i++) this.F(i);
    let s = Math.floor(e.start_col);
    for (let n = i; n < i + (Math.floor(e.end_col) - s); n++) this.F(n + s);
  }
  F(e) {
    let t = this.e.override[e], i = this.e.auto[e];
    t !== void 0 ? this.Me(e, t, t) : i !== void 0 ? this.Me(e, i, void 0) : this.et(e);
  }
  ge() {
    let e = this.table.getRootNode();
    if (!(!e || !e.adoptedStyleSheets)) return this.u || (this.u = new CSSStyleSheet()), e.adoptedStyleSheets.includes(this.u) || (e.adoptedStyleSheets = [...e.adoptedStyleSheets, this.u]), this.u;
  }
  tt(e) {
    let t = this.W.get(e);
    if (t) return t;
    let i = this.u;
    if (!i) return;
    let s = i.cssRules.length;
    return i.insertRule(`.${this.k} .rt-col-${e}{}`, s), t = i.cssRules[s], this.W.set(e, t), t;
  }
  Me(e, t, i) {
    let s = i === void 0 ? `${t}` : `${t}|${i}`;
    if (this.R.get(e) === s) return;
    let n = this.tt(e);
    n && (n.style.minWidth = `${t}px`, i === void 0 ? n.style.removeProperty("max-width") : n.style.maxWidth = `${i}px`, this.R.set(e, s));
  }
  et(e) {
    if (this.R.get(e) === "") return;
    let t = this.W.get(e);
    t && (t.style.removeProperty("min-width"), t.style.removeProperty("max-width")), this.R.set(e, "");
  }
  async Ee(e) {
    return this.v ? this.v : await e.view(0, 0, 0, 0);
  }
  Te() {
    this.v = void 0, this.Je = void 0;
  }
  async draw(e, t, i, s, n, r, o) {
    let l = this.v = await t.view(Math.floor(n.start_col), Math.floor(n.start_row), Math.ceil(n.end_col), Math.ceil(n.end_row)), u = this.ve(e, t, i, s, n, r, l);
    this.B = true;
    try {
      let d = u.next();
      for (; !d.done; ) await o(), d = u.next(d.value === "style" ? void 0 : await d.value.fetch());
    } finally {
      this.B = false, u.return(false);
    }
  }
  draw_sync(e, t, i, s, n, r, o, l) {
    this.v = o;
    let u = this.ve(e, t, i, s, n, r, o), d = u.next();
    for (; !d.done; ) d.value === "style" && l(), d = u.next();
    return d.value;
  }
  *ve(e, t, i, s, n, r, o) {
    let { width: l, height: u } = e, { column_header_merge_depth: d, merge_headers: h = "both" } = o, a = h === "both" || h === "row", _ = h === "both" || h === "column", p = n.start_col ?? 0;
    if (o.row_headers) {
      let y = 0;
      for (let T of o.row_headers) T.length > y && (y = T.length);
      this.c = o.num_row_headers ?? y;
      for (let T = 0; T < o.row_headers.length; T++) o.row_headers[T].length = this.c || 0;
    }
    t.row_headers_length = o.num_row_headers ?? o.row_headers?.[0]?.length ?? 0, t.column_headers_length = o.num_column_headers ?? o.column_headers?.[0]?.length ?? 0;
    let { view: c, row_headers_length: g, column_headers_length: f } = t, m = this.qe(n, i), v, b = 0, M = [], R = true;
    if (!!o.row_headers && (o.row_headers.length > 0 || g > 0)) {
      let y = this.Ue(o.row_headers, g, f, u, m, s, p, d, _, a);
      v = y.cont_body, R = y.first_col, b = y.Ye, M = y.last_cells;
    }
    try {
      let y = 0, T = 0, V = r - n.start_col, H = this.e.indices.some(Boolean);
      for (; y < V; ) {
        if (!o.data[y]) {
          this.header.flush_colspans(), this.updateColumnWidthStyles(n, t.row_headers_length);
          let x = yield { fetch: () => this.Ze(n, c, o, y, m, l, r, b, p) };
          if (x?.column_header_merge_depth !== void 0 && (d = x.column_header_merge_depth), x?.merge_headers !== void 0 && (h = x.merge_headers), !o.data[y]) return this.H(v, b), this.updateColumnWidthStyles(n, t.row_headers_length), yield "style", this.$(M) && this.autosize_cells(M, this.e.row_height), this.N(m, l);
        }
        let { cont_head: A, cont_body: C } = this.Ke(y, o, b, p, u, m, R, d, _, a);
        if (v = C, R = false, !s) for (let { td: x, metadata: S } of v.tds) M.push([A?.th || x, A?.metadata || S]);
        let E = this.e.indices[b + Math.floor(p)] || (H ? T : 0);
        if (!E) {
          if (E = A?.th?.offsetWidth || 0, !E) for (let { td: x } of v.tds) E += x?.offsetWidth || 0;
          T = E;
        }
        if (m.viewport_width += E, m.row_height = m.row_height || v.row_height, b++, y++, this.N(m, l)) {
          if (this.H(v, b), this.updateColumnWidthStyles(n, t.row_headers_length), yield "style", s) return true;
          m.viewport_width = 0, this.$(M) && this.autosize_cells(M, this.e.row_height), T = 0;
          let x = m.row_headers_length || 0;
          for (let S = 0; S < M.length; S++) {
            let L = S < x ? S : Math.floor(p) + S;
            m.viewport_width += this.e.indices[L] || 0;
          }
          if (this.N(m, l)) return true;
        }
      }
      return this.H(v, b), this.updateColumnWidthStyles(n, t.row_headers_length), yield "style", this.$(M) && this.autosize_cells(M, this.e.row_height), true;
    } finally {
      this.H(v, b);
    }
  }
  N(e, t) {
    return e.viewport_width - e.sub_cell_offset > t;
  }
};
var ye = ["both", "horizontal", "vertical", "none"];
var J = class extends U {
  I;
  constructor() {
    super(), this.e = { auto: [], override: {}, indices: [] }, this.n = [], this.I = false;
  }
  connectedCallback() {
    this.I || (this.xe(), this.register_listeners(), this.setAttribute("tabindex", "0"), this.I = true, this.ye());
  }
  ye() {
    this.table_model?.dispose(), this.table_model = new K(this.s, this.e, this), this.table_model.we = () => this.Se(), this.table_model.body.h = this.h, this.ne(0, 0);
  }
  resetAutoSize(e) {
    (!e || e.auto) && (this.e.auto = []), (!e || e.override) && (this.e.override = {}), (!e || e.indices) && (this.e.indices = []), (!e || e.row_height) && (this.e.row_height = void 0);
  }
  saveColumnSizes() {
    return structuredClone(this.e.override);
  }
  restoreColumnSizes(e) {
    this.e.override = structuredClone(e);
  }
  clear() {
    this.ye();
  }
  addStyleListener(e) {
    this.n.push(e);
    let t = true;
    return () => {
      if (!t) return;
      t = false, this.n = this.n.slice();
      let s = this.n.indexOf(e);
      this.n.splice(s, 1);
    };
  }
  removeStyleListener(e) {
    let t = this.n.length;
    this.n = this.n.filter((i) => i !== e), console.assert(this.n.length === t - 1, "No listener found");
  }
  getMeta(e) {
    if (e !== void 0) {
      if (e instanceof HTMLElement) return P.get(e);
      if ("row_header_x" in e && e.row_header_x && e.row_header_x >= 0) {
        if (e.row_header_x < this.t.row_headers_length) {
          let t = this.table_model.body.M(e.y, e.row_header_x);
          return this.getMeta(t);
        }
      } else if ("column_header_y" in e && e.column_header_y >= 0) {
        if (e.column_header_y < this.t.column_headers_length) {
          let t = this.table_model.header.M(e.column_header_y, e.x);
          return this.getMeta(t);
        }
      } else if ("dx" in e) return this.getMeta(this.table_model.body.M(e.dy, e.dx + (this.table_model.c || 0)));
    }
  }
  getDrawFPS() {
    return ie();
  }
  async scrollToCell(e, t) {
    if (!this.t) {
      console.warn("data listener not configured");
      return;
    }
    let i = this.e.row_height || 0;
    this.scrollTop = Math.ceil(i * t);
    let s = 0;
    for (; e > 0; ) e--, s += this.e.indices[e + this.t.row_headers_length] || 60;
    this.scrollLeft = Math.ceil(s), await new Promise(requestAnimationFrame), await this.flush();
  }
  setDataListener(e, { virtual_mode: t = "both", preserve_state: i = false, column_classes: s = false } = {}) {
    console.assert(ye.indexOf(t) > -1, `Unknown virtual_mode ${t};  valid options are "both" (default), "horizontal", "vertical" or "none"`);
    let n = this.i !== t;
    i ? (console.assert(!n, "preserve_state called with modified virtual_mode"), this.t.view = e) : (this.i = t, this.h = s, this.table_model && (this.table_model.body.h = s), this.b = true, this.t = { view: e, row_headers_length: 0, column_headers_length: 0 }, n && this.se());
  }
};
document.createElement("regular-table").constructor === HTMLElement && window.customElements.define("regular-table", J);

// src/regular_table.js
/*!
 * This file carries regular-table 0.9.2, https://github.com/finos/regular-table
 * Copyright (c) 2020, the Regular Table Authors
 * Apache License 2.0: the text is in regular-table.LICENSE beside the built file.
 */
var newRegularTable = () => document.createElement("regular-table");

// src/scrolling.js
function stopAfterKey(key, { top, end, row, screen }) {
  const step = Math.max(1, row);
  const stop = {
    ArrowDown: top + step,
    ArrowUp: top - step,
    PageDown: top + Math.max(step, screen - row),
    PageUp: top - Math.max(step, screen - row),
    Home: 0,
    End: end
  }[key];
  return stop === void 0 ? void 0 : Math.max(0, Math.min(end, stop));
}

// src/grid_table.js
var ROW_HEIGHT = 24;
var HEADER_ROWS = 2;
var SCROLLBAR = 16;
var NUMERIC = /* @__PURE__ */ new Set(["integer", "number"]);
function gridTable(source, { label, mostRows = 1e4, onDraw }) {
  const table = newRegularTable();
  keepKeys(table);
  table.setAttribute("role", "region");
  table.setAttribute("aria-label", label);
  const rows = HEADER_ROWS + Math.min(source.rowCount, mostRows);
  table.style.height = `${rows * ROW_HEIGHT + SCROLLBAR}px`;
  table.setDataListener((x0, y0, x1, y1) => respond(source, x0, y0, x1, y1));
  table.addStyleListener(() => {
    decorate(table, source, label);
    onDraw(...rowsInView(table));
  });
  table.addEventListener("keydown", (event) => scrollByKey(table, source.rowCount, event));
  table.addEventListener("pointerover", ({ target }) => {
    if (target instanceof HTMLTableCellElement) explainIfClipped(target);
  });
  return table;
}
async function respond(source, x0, y0, x1, y1) {
  const data = await source.cells(x0, y0, x1, y1);
  return {
    num_columns: source.columns.length,
    num_rows: source.rowCount,
    num_row_headers: 1,
    num_column_headers: HEADER_ROWS,
    // Two columns of one name are two columns.
    column_header_merge_depth: 0,
    merge_headers: "row",
    column_headers: source.columns.slice(x0, x1).map(({ name, type }) => [name, type]),
    row_headers: Array.from({ length: y1 - y0 }, (_, row) => [String(y0 + row)]),
    // Its types know no undefined, its code takes it for an empty cell.
    data: (
      /** @type {(string | null)[][]} */
      data
    )
  };
}
function decorate(table, source, label) {
  const inner = table.querySelector("table");
  inner?.setAttribute("aria-label", label);
  inner?.setAttribute("aria-rowcount", String(HEADER_ROWS + source.rowCount));
  inner?.setAttribute("aria-colcount", String(1 + source.columns.length));
  for (
    const cell of
    /** @type {NodeListOf<HTMLTableCellElement>} */
    table.querySelectorAll("th, td")
  ) {
    const meta = table.getMeta(cell);
    if (!meta) continue;
    const x = meta.type === "body" || meta.type === "column_header" ? meta.x : -1;
    cell.setAttribute("aria-colindex", String(2 + x));
    cell.classList.toggle("pnx-numeric", NUMERIC.has(source.columns[x]?.type ?? ""));
    if (cell.tagName === "TH") {
      cell.scope = meta.type === "row_header" ? "row" : "col";
    } else {
      decorateValue(cell, meta.value);
    }
    if (meta.type === "row_header") {
      cell.parentElement?.setAttribute("aria-rowindex", String(1 + HEADER_ROWS + meta.y));
    }
  }
}
function decorateValue(cell, value) {
  cell.classList.toggle("pnx-late", value === void 0);
  cell.classList.toggle("pnx-null", value === null);
  if (value === null) cell.setAttribute("aria-label", "null");
  else cell.removeAttribute("aria-label");
  cell.removeAttribute("title");
}
function rowsInView(table) {
  const headers = table.querySelectorAll("tbody th");
  const [first, last] = [headers[0], headers[headers.length - 1]].map((header) => {
    const meta = header instanceof HTMLElement ? table.getMeta(header) : void 0;
    return meta?.type === "row_header" ? meta.y : 0;
  });
  return [first ?? 0, last ?? 0];
}
function scrollByKey(table, rowCount, event) {
  if (event.altKey || event.metaKey || event.shiftKey) return;
  const screen = table.clientHeight - HEADER_ROWS * ROW_HEIGHT;
  const end = table.scrollHeight - table.clientHeight;
  const row = end / Math.max(1, rowCount - screen / ROW_HEIGHT);
  const stop = stopAfterKey(event.key, {
    top: table.scrollTop,
    end,
    row,
    screen: row * Math.floor(screen / ROW_HEIGHT)
  });
  if (stop === void 0) return;
  event.preventDefault();
  table.scrollTop = stop;
}
function explainIfClipped(cell) {
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent ?? "";
}

// src/grid_panel.js
function showGrid(root, { label, columns, rowCount, mostRows }, fetchRows) {
  const source = new GridSource({ columns, rowCount }, fetchRows, () => table.draw());
  const position = element("span", { className: "pnx-position" });
  const problem = element("span", { className: "pnx-problem", role: "alert" });
  const again = element("button", { type: "button", textContent: "Try again", hidden: true });
  again.addEventListener("click", () => {
    source.retry();
    table.draw();
  });
  const table = gridTable(source, {
    label,
    mostRows,
    onDraw(first, last) {
      const { failure, isLoading } = source;
      root.setAttribute("aria-busy", String(isLoading));
      problem.textContent = failure?.message ?? "";
      again.hidden = !failure;
      position.textContent = isLoading ? "Loading…" : rowCount ? `rows ${first}–${last}` : "";
    }
  });
  const size = `${count(rowCount, "row")} × ${count(columns.length, "column")}`;
  const footer = element("div", { className: "pnx-footer" }, size, position, problem, again);
  root.replaceChildren(table, footer);
  root.setAttribute("aria-busy", "true");
  position.textContent = "Loading…";
  const resized = new ResizeObserver(() => table.clientWidth && table.draw());
  resized.observe(table);
  return { footer, stop: () => resized.disconnect() };
}
function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

// src/kernel.js
var PATIENCE = 9e4;
var KernelError = class extends Error {
  /** @param {{type: string, message: string}} error */
  constructor({ type, message }) {
    super(message);
    this.name = type;
  }
};
async function ask(experimental, command, message, patience = PATIENCE) {
  const signal = AbortSignal.timeout(patience);
  let answer;
  try {
    [answer] = await experimental.invoke(command, message, { signal });
  } catch (reason) {
    if (!signal.aborted) throw reason;
    const message2 = `The kernel has not answered for ${patience / 1e3} seconds. Is it running?`;
    throw new KernelError({ type: "TimeoutError", message: message2 });
  }
  if (!answer.ok) throw new KernelError(answer.error);
  return answer;
}

// src/grid_view.js
var MOST_ROWS = 12;
function render({ model, el, experimental, signal }) {
  const root = element("div", { className: "pnx pnx-grid", "data-lm-suppress-shortcuts": true });
  el.append(root);
  const fetchRows = async (start, stop2) => {
    const answer = await ask(experimental, "_rows", { start, stop: stop2 });
    return answer.columns;
  };
  let stop = () => {
  };
  const show = () => {
    stop();
    const label = model.get("path");
    const [columns, rowCount] = [model.get("columns"), model.get("row_count")];
    const shown = showGrid(root, { label, columns, rowCount, mostRows: MOST_ROWS }, fetchRows);
    shown.footer.prepend(element("strong", {}, label));
    stop = shown.stop;
  };
  model.on("change:_revision", show);
  signal?.addEventListener("abort", () => {
    model.off("change:_revision", show);
    stop();
  });
  show();
}
var grid_view_default = { render };
export {
  grid_view_default as default
};
