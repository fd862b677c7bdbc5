// What is seen and heard of the table in the output of a notebook's second cell.
//
// A table is seen as a person sees it: its cells are what is found at points of the screen. A canvas
// has no cells; there a cell is seen where something dark is, and texts are what is drawn.
window.probe = (() => {
  const CELL = "td, [role=gridcell], [role=cell]";
  const HEADER = "th, [role=rowheader], [role=columnheader]";
  // Where cells are looked for, as parts of the table.
  const ACROSS = [0.15, 0.4, 0.65];
  const DOWN = [0.35, 0.5, 0.65, 0.8];

  const panel = () => window.jupyterapp.shell.currentWidget;
  const kernel = () => panel().sessionContext.session.kernel;
  const second = () => panel().content.widgets[1];
  const output = () => second().node.querySelector(".jp-Cell-outputArea");
  const frame = () => new Promise(requestAnimationFrame);

  /** The table, also where it is in a shadow. */
  function find(selector, root = output()) {
    const found = root?.querySelector(selector);
    if (found || !root) return found ?? undefined;
    for (const { shadowRoot } of root.querySelectorAll("div")) {
      const inside = shadowRoot && find(selector, shadowRoot);
      if (inside) return inside;
    }
    return undefined;
  }

  /** The part of an element that is in the window. */
  function boxOf(element) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    const [width, height] = [Math.min(innerWidth, right) - x, Math.min(innerHeight, bottom) - y];
    return { x, y, width, height };
  }

  function cellAt(root, x, y) {
    const hit = root.elementFromPoint(x, y);
    return hit?.closest(HEADER) ? null : (hit?.closest(CELL) ?? null);
  }

  const textOf = (cell) => cell?.textContent.trim() ?? "";

  // Texts of a canvas are noted only while one is waited for: scrolling pays nothing for it.
  let drawn = new Set();
  const pens = CanvasRenderingContext2D.prototype;
  const { fillText } = pens;
  function note(text, ...rest) {
    drawn.add(text);
    return fillText.call(this, text, ...rest);
  }

  /** A point of a cell whose text passes, among those at the left. */
  function seek(table, passes) {
    const { x, y, width, height } = boxOf(table);
    for (let dy = height - 6; dy > 0; dy -= 8) {
      for (let dx = 20; dx < Math.min(width, 260); dx += 30) {
        const cell = cellAt(table.getRootNode(), x + dx, y + dy);
        if (cell && passes(textOf(cell))) return [x + dx, y + dy];
      }
    }
    return undefined;
  }

  /** When a text was first seen in the table. */
  async function seen(selector, text) {
    drawn = new Set();
    pens.fillText = note;
    for (;;) {
      await frame();
      const table = find(selector);
      const isThere = table?.querySelector("canvas")
        ? drawn.has(text)
        : table && seek(table, (its) => its === text);
      if (isThere) break;
    }
    pens.fillText = fillText;
    return performance.now();
  }

  /** What some cells of a canvas are: where they are dark. */
  function inked(canvas, { width, height }) {
    const scale = canvas.width / canvas.clientWidth;
    const pen = canvas.getContext("2d");
    return DOWN.flatMap((down) => {
      return ACROSS.map((across) => {
        const area = [across * width, down * height, 120, 24];
        const { data } = pen.getImageData(...area.map((each) => Math.round(each * scale)));
        let dark = "";
        for (let i = 0; i < data.length; i += 4) {
          if (data[i] < 128 && data[i + 3] > 128) dark += `${i} `;
        }
        return dark;
      });
    });
  }

  /** What some cells are. */
  function look(table) {
    const { x, y, width, height } = boxOf(table);
    const canvas = table.querySelector("canvas");
    if (canvas) return inked(canvas, { width, height });
    const root = table.getRootNode();
    return DOWN.flatMap((down) => {
      return ACROSS.map((across) => textOf(cellAt(root, x + across * width, y + down * height)));
    });
  }

  /** Note each frame from now on: when it was, how many cells were empty, and whether any was new. */
  let recording;
  function record(selector) {
    const table = find(selector);
    const found = { times: [], cells: 0, empty: 0, renewed: 0 };
    recording = found;
    let last = "";
    const step = (now) => {
      if (recording !== found) return;
      const cells = look(table);
      const all = cells.join("\n");
      if (found.times.length > 0) {
        found.cells += cells.length;
        found.empty += cells.filter((text) => text === "").length;
        if (all !== last) found.renewed += 1;
      }
      last = all;
      found.times.push(now);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  function recorded() {
    const found = recording;
    recording = undefined;
    return found;
  }

  // What went to kernels and came from them, in bytes.
  let traffic = 0;
  const sizeOf = (data) => data.byteLength ?? new Blob([data]).size;
  window.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols);
      if (!url.includes("/channels")) return;
      this.addEventListener("message", ({ data }) => {
        traffic += sizeOf(data);
      });
    }

    send(data) {
      traffic += sizeOf(data);
      super.send(data);
    }
  };

  // The messages of the kernel, and for each that was sent the key that was pressed before it.
  const messages = [];
  let key = 0;
  function follow() {
    window.addEventListener("keydown", ({ timeStamp }) => (key = timeStamp), { capture: true });
    kernel().anyMessage.connect((_, { msg, direction }) => {
      const { msg_id: id, msg_type: type } = msg.header;
      const isEdit = direction === "send" && type === "comm_msg";
      // what is got may be a whole table
      const words = isEdit ? JSON.stringify(msg.content) : "";
      const { execution_state: state } = msg.content;
      messages.push({ at: performance.now(), id, parent: msg.parent_header?.msg_id, state, words, key });
    });
    return kernel().id;
  }

  /** How long after a key the kernel was done with the message that it had a widget send. */
  async function acknowledged(word) {
    for (;;) {
      const sent = messages.find(({ words }) => words.includes(word));
      const done = messages.find(({ parent, state }) => sent && parent === sent.id && state === "idle");
      if (done) {
        messages.length = 0;
        return done.at - sent.key;
      }
      await frame();
    }
  }

  /** Run the second cell, and say how long it took until a text was seen in its table. */
  async function show(selector, text) {
    const { commands } = window.jupyterapp;
    panel().content.activeCellIndex = 1;
    await commands.execute("notebook:clear-cell-output");
    while (find(selector)) await frame();
    messages.length = 0;
    let shown = 0;
    const observer = new MutationObserver(() => {
      if (output().querySelector(".jp-OutputArea-output")) shown ||= performance.now();
    });
    observer.observe(output(), { childList: true, subtree: true });
    const start = performance.now();
    const failed = commands.execute("notebook:run-cell").then(() => {
      const made = second().model.sharedModel.outputs;
      const error = made.find(({ output_type }) => output_type === "error");
      if (error) throw new Error(`${error.ename}: ${error.evalue}`);
      return new Promise(() => {});
    });
    const end = await Promise.race([seen(selector, text), failed]);
    observer.disconnect();
    return { fromRun: end - start, fromOutput: end - shown };
  }

  /** Begin to wait for a text that is not in the table yet; `arrived` says how long it took. */
  let arrival;
  function expect(selector, text) {
    const start = performance.now();
    arrival = seen(selector, text).then((end) => end - start);
  }

  /** A point where an integer is; in a canvas, where it is known to be. */
  function integerAt(selector) {
    const table = find(selector);
    const { x, y } = boxOf(table);
    return seek(table, (text) => /^\d{3,}$/.test(text)) ?? [x + 160, y + 110];
  }

  return {
    acknowledged,
    arrived: () => arrival,
    box: (selector) => boxOf(find(selector)),
    downsampled: () => output().innerText.match(/.*downsampled.*/)?.[0] ?? "",
    expect,
    follow,
    integerAt,
    record,
    recorded,
    show,
    async top(selector) {
      find(selector).scrollTop = 0;
      for (let i = 0; i < 3; i += 1) await frame();
    },
    traffic: () => traffic,
    fetched: (name) =>
      performance
        .getEntriesByType("resource")
        .filter(({ name: url }) => url.includes(`/extensions/${name}/`))
        .reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
  };
})();
