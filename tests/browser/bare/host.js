// A notebook's front end, as far as a widget sees it: it shows one widget, whose model talks to the
// Python side through `window.toKernel`. The messages are those of the Jupyter widget protocol.

class Model {
  constructor(state) {
    this.state = state;
    this.changed = {};
    this.listeners = [];
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    if (this.state[name] === value) return;
    this.state[name] = value;
    this.changed[name] = value;
    this.emit(`change:${name}`);
    this.emit("change");
  }

  save_changes() {
    const state = this.changed;
    this.changed = {};
    if (Object.keys(state).length > 0) this.toKernel({ method: "update", state, buffer_paths: [] });
  }

  send(content) {
    this.toKernel({ method: "custom", content });
  }

  on(name, callback) {
    this.listeners.push([name, callback]);
  }

  off(name, callback) {
    this.listeners = this.listeners.filter(([n, c]) => n !== name || c !== callback);
  }

  emit(name, ...args) {
    for (const [n, callback] of [...this.listeners]) if (n === name) callback(...args);
  }

  toKernel(data) {
    window.toKernel(JSON.stringify(data));
  }

  fromKernel(data, buffers) {
    if (data.method === "custom") this.emit("msg:custom", data.content, buffers);
    if (data.method !== "update") return;
    Object.assign(this.state, withBuffers(data, buffers));
    for (const name of Object.keys(data.state)) this.emit(`change:${name}`);
    this.emit("change");
  }
}

function withBuffers({ state, buffer_paths: paths }, buffers) {
  return Object.assign(state, Object.fromEntries(paths.map(([name], i) => [name, buffers[i]])));
}

function decode(base64) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new DataView(bytes.buffer);
}

let model;

window.fromKernel = async ({ type, data, buffers: encoded }) => {
  const buffers = encoded.map(decode);
  if (type === "comm_msg") model.fromKernel(data, buffers);
  if (type === "comm_open") model = new Model(withBuffers(data, buffers));
};

// marimo shows widgets in a shadow tree, and can't invoke commands for them.
window.showWidget = async ({ inShadow = false } = {}) => {
  const style = document.createElement("style");
  style.textContent = model.get("_css");
  const place = document.createElement("div");
  const output = document.querySelector(".output") ?? document.body;
  const el = inShadow ? place.attachShadow({ mode: "open" }) : output;
  if (inShadow) output.append(place);
  (inShadow ? el : document.head).append(style);
  const url = URL.createObjectURL(new Blob([model.get("_esm")], { type: "text/javascript" }));
  const { default: widget } = await import(url);
  const view = new AbortController();
  window.closeWidget = () => view.abort();
  await widget.render({ model, el, signal: view.signal });
};

window.listenersOfModel = () => model.listeners.length;
