/* sources sha256:fa32203414c41023b239c980f4bec778d2cefc47a4feddf14d5f845894395b28 body sha256:e4f1a62fa08dfe670378292ee8fb0a045bd2eac71a0901a58f5bf65fde46eea5 built by esbuild 0.28.2 */
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

// src/debounce.js
function debounce(action, quiet) {
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

// src/figure_controls.js
var QUIET = 300;
var FORMATS = ["png", "jpeg", "webp", "svg", "pdf", "eps"];
var VECTOR = /* @__PURE__ */ new Set(["svg", "pdf", "eps"]);
function figureControls(model) {
  const format = element(
    "select",
    {},
    ...FORMATS.map((value) => element("option", { value, textContent: value.toUpperCase() }))
  );
  const width = numberInput({ min: "1", step: "1", title: "In CSS pixels" });
  const height = numberInput({ min: "1", step: "1", title: "In CSS pixels" });
  const scale = numberInput({
    min: "0.1",
    step: "any",
    title: "Pixels of the image per CSS pixel"
  });
  const numbers = (
    /** @type {const} */
    { width, height, scale }
  );
  const hint = element("span", { className: "pnx-hint", role: "status" });
  let isEdited = false;
  const apply = () => {
    const wrong = Object.values(numbers).find((input) => !input.validity.valid);
    hint.textContent = wrong?.validationMessage ?? "";
    if (wrong) return;
    isEdited = false;
    model.set("format", format.value);
    for (const [name, input] of entries(numbers)) {
      model.set(name, input.value === "" ? null : input.valueAsNumber);
    }
    model.save_changes();
  };
  const { soon, flush, cancel } = debounce(apply, QUIET);
  const group = element(
    "div",
    { className: "pnx-controls", role: "group", "aria-label": "Image" },
    element("label", {}, "Format", format),
    element("label", {}, "Width", width),
    element("label", {}, "Height", height),
    element("label", {}, "Scale", scale),
    hint
  );
  group.addEventListener("input", () => {
    isEdited = true;
    soon();
  });
  format.addEventListener("change", flush);
  group.addEventListener("keydown", ({ key }) => key === "Enter" && flush());
  return {
    element: group,
    stop: cancel,
    update() {
      const shown = model.get("_shown");
      if (!isEdited) {
        format.value = model.get("format");
        for (const [name, input] of entries(numbers)) input.value = String(model.get(name) ?? "");
      }
      width.placeholder = String(shown.width ?? "");
      height.placeholder = String(shown.height ?? "");
      scale.placeholder = "1";
      scale.disabled = VECTOR.has(model.get("format"));
    }
  };
}
function numberInput(properties) {
  return element("input", { type: "number", ...properties });
}
var entries = (record) => (
  /** @type {[keyof T, T[keyof T]][]} */
  Object.entries(record)
);

// src/figure_image.js
function figureImage(model) {
  const image = element("img", { className: "pnx-image" });
  const download = element("a", { className: "pnx-download", textContent: "Download" });
  let current;
  let urls = [];
  const load = async () => {
    const bytes = model.get("image");
    const shown = model.get("_shown");
    if (bytes === current || !shown.mime) return;
    current = bytes;
    const preview = model.get("_preview");
    const file = address(bytes, shown.mime);
    const picture = preview.byteLength > 0 ? address(preview, "image/png") : file;
    const next = new Image();
    next.src = picture;
    await next.decode().catch(() => {
    });
    if (current !== bytes) {
      revoke([file, picture]);
      return;
    }
    revoke(urls);
    urls = [file, picture];
    image.src = picture;
    image.width = shown.width;
    download.href = file;
    download.download = `figure.${shown.wanted.format}`;
    download.title = `${shown.wanted.format.toUpperCase()}, ${size(bytes.byteLength)}`;
  };
  return {
    element: image,
    download,
    stop: () => revoke(urls),
    update() {
      image.alt = model.get("alt");
      image.hidden = !model.get("show_image");
      load();
    }
  };
}
function address(bytes, type) {
  return URL.createObjectURL(new Blob([
    /** @type {DataView<ArrayBuffer>} */
    bytes
  ], { type }));
}
function revoke(urls) {
  for (const url of urls) URL.revokeObjectURL(url);
}
function size(bytes) {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// src/figure_model.js
var FIELDS = (
  /** @type {const} */
  ["format", "width", "height", "scale"]
);
function isRendering(model) {
  if (model.get("error").message) return false;
  const { wanted } = model.get("_shown");
  return !wanted || FIELDS.some((field) => wanted[field] !== model.get(field));
}

// src/figure_view.js
function render({ model, el, signal }) {
  const controls = figureControls(model);
  const image = figureImage(model);
  const busy = element("span", { className: "pnx-busy", role: "status" });
  const problem = element("div", { className: "pnx-problem", role: "alert" });
  const missing = element("div", { className: "pnx-missing", role: "status" });
  const root = element(
    "div",
    { className: "pnx pnx-figure", "data-lm-suppress-shortcuts": true },
    element("div", { className: "pnx-toolbar" }, controls.element, image.download, busy),
    problem,
    image.element,
    missing
  );
  el.append(root);
  const update = () => {
    controls.update();
    image.update();
    const rendering = isRendering(model);
    root.setAttribute("aria-busy", String(rendering));
    busy.textContent = rendering ? "Rendering…" : "";
    problem.textContent = model.get("error").message ?? "";
    missing.textContent = model.get("warnings").join("\n");
  };
  model.on("change", update);
  signal?.addEventListener("abort", () => {
    model.off("change", update);
    controls.stop();
    image.stop();
  });
  update();
}
var figure_view_default = { render };
export {
  figure_view_default as default
};
