/* sources sha256:d816fa5328ebf71f body sha256:bca9b38651bf0784 built by esbuild 0.28.2 */
var NUDGE = 2e3;
function commandsOf(model, signal) {
const waiting = /* @__PURE__ */ new Map();
const view = crypto.getRandomValues(new Uint32Array(2)).join("-");
let count = 0;
const answered = ({ id = "", response }, buffers) => waiting.get(id)?.resolve([response, buffers]);
model.on("msg:custom", answered);
signal?.addEventListener("abort", () => {
model.off("msg:custom", answered);
for (const { reject } of waiting.values()) reject(signal.reason);
});
return {
async invoke(name, msg, { signal: patience } = {}) {
const id = `${view}-${count += 1}`;
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
}
};
}

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

var FOCUSABLE = /* @__PURE__ */ new Set(["a", "button", "input", "select", "textarea"]);
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
function button({ text, label = text, icon, keys, className = "" }, onClick) {
const made = element("button", { type: "button", className, onclick: onClick });
if (icon) made.append(icon);
if (text) made.append(element("span", {}, text));
if (text !== label) made.setAttribute("aria-label", label ?? "");
made.title = keys ? `${label} (${keys})` : label ?? "";
return made;
}

var SVG = "http://www.w3.org/2000/svg";
function lines(d) {
const svg = document.createElementNS(SVG, "svg");
const path = document.createElementNS(SVG, "path");
path.setAttribute("d", d);
svg.setAttribute("viewBox", "0 0 16 16");
svg.setAttribute("aria-hidden", "true");
svg.classList.add("pnx-icon");
svg.append(path);
return svg;
}

var COPY = "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3";
var DOWNLOAD = "M8 2.5v8M4.5 7.5 8 11l3.5-3.5M2.5 13.5h11";
function figureActions(image, say, complain) {
let file;
const copy = button({ text: "Copy", icon: lines(COPY) }, async () => {
if (!file) return;
try {
await navigator.clipboard.write([new ClipboardItem(forms(image, file))]);
say("Copied as PNG");
} catch {
complain("The browser does not let this page copy images. Download it instead.");
}
});
const download = element(
"a",
{ className: "pnx-download", onclick: () => say(`Downloading ${download.download}`) },
lines(DOWNLOAD),
element("span", {}, "Download")
);
return {
elements: [copy, download],
update(rendered) {
file = rendered;
download.href = rendered.url;
download.title = download.download = rendered.shown.file;
}
};
}
function forms(image, { bytes, shown }) {
const own = new Blob([bytes], { type: shown.mime });
const all = { "image/png": shown.mime === "image/png" ? own : painted(image) };
if (shown.mime === "image/svg+xml") all["text/plain"] = own.slice(0, own.size, "text/plain");
return all;
}
function painted(image) {
const { naturalWidth: width, naturalHeight: height } = image;
const canvas = new OffscreenCanvas(width, height);
canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
return canvas.convertToBlob();
}

var QUIET = 300;
var FORMATS = ["png", "jpeg", "webp", "svg", "pdf", "eps"];
var VECTOR = /* @__PURE__ */ new Set(["svg", "pdf", "eps"]);
function figureControls(model) {
const format = element(
"select",
{},
...FORMATS.map((value) => element("option", { value, textContent: value.toUpperCase() }))
);
const width = numberInput({ min: 1, title: "In CSS pixels" });
const height = numberInput({ min: 1, title: "In CSS pixels" });
const scale = numberInput({ min: 0.1, step: "any", title: "Pixels per CSS pixel" });
const numbers = { width, height, scale };
const hint = element("span", { className: "pnx-hint", role: "alert" });
let isEdited = false;
const apply = () => {
const wrong = Object.values(numbers).find((input) => !input.validity.valid);
hint.textContent = wrong?.validationMessage ?? "";
if (wrong) return;
model.set("format", format.value);
for (const [name, input] of entries(numbers)) {
model.set(name, input.value === "" ? null : input.valueAsNumber);
}
isEdited = false;
model.save_changes();
};
const { soon, flush, cancel } = debounce(apply, QUIET);
const group = element(
"div",
{ className: "pnx-controls", role: "group", "aria-label": "Options" },
element("label", {}, element("span", {}, "Format"), format),
element("label", {}, "Width", width),
element("label", {}, "Height", height),
element("label", {}, "Scale", scale),
hint
);
group.oninput = () => {
isEdited = true;
soon();
};
format.onchange = flush;
group.onkeydown = ({ key }) => {
if (key === "Enter") flush();
};
return {
element: group,
stop: cancel,
update() {
const shown = model.get("_shown");
if (!isEdited) {
format.value = model.get("format");
for (const [name, input] of entries(numbers)) input.value = String(model.get(name) ?? "");
}
width.placeholder = String(shown.width);
height.placeholder = String(shown.height);
scale.disabled = VECTOR.has(model.get("format"));
}
};
}
function numberInput(properties) {
return element("input", { type: "number", placeholder: "1", ...properties });
}
var entries = (record) => Object.entries(record);

function figureImage(model, onFile) {
const image = element("img", { className: "pnx-image" });
let current;
let urls = [];
const load2 = async () => {
const shown = model.get("_shown");
if (shown === current) return;
current = shown;
const bytes = model.get("image");
const preview = model.get("_preview");
const file = address(bytes, shown.mime);
const picture = preview.byteLength > 0 ? address(preview, "image/png") : file;
const next = new Image();
next.src = picture;
await next.decode().catch(() => {
});
if (current !== shown) {
revoke([file, picture]);
return;
}
revoke(urls);
urls = [file, picture];
image.src = picture;
image.width = shown.width;
onFile({ url: file, bytes, shown });
};
return {
element: image,
stop() {
current = void 0;
revoke(urls);
},
update(isHidden) {
image.alt = model.get("alt");
image.hidden = isHidden;
load2();
}
};
}
function address(bytes, type) {
return URL.createObjectURL(new Blob([bytes], { type }));
}
function revoke(urls) {
for (const url of urls) URL.revokeObjectURL(url);
}

var PATIENCE = 9e4;
var KernelError = class extends Error {
constructor({ type, message }) {
super(message);
this.name = type;
}
};
async function askForBytes(experimental, command, message, patience = PATIENCE) {
const signal = AbortSignal.timeout(patience);
let answer;
let buffers;
try {
[answer, buffers] = await experimental.invoke(command, message, { signal });
} catch {
const message2 = signal.aborted ? `The kernel has not answered for ${patience / 1e3} seconds. Is it running?` : "The kernel that this was made in is gone. Run the cell again.";
throw new KernelError({ type: signal.aborted ? "TimeoutError" : "GoneError", message: message2 });
}
if (!answer.ok) throw new KernelError(answer.error);
return [answer, buffers];
}

var LOADED = /* @__PURE__ */ Symbol.for("plotly_nbext.plotly.js");
function plotlyOf(commands, version) {
const loaded = globalThis[LOADED] ??= {};
const others = loaded[version] ?? Promise.reject();
return loaded[version] = others.catch(() => load(commands));
}
async function load(commands) {
if (!("DecompressionStream" in globalThis)) throw new Error("The browser is too old.");
const [, [packed]] = await askForBytes(commands, "_plotly_js", {});
const bytes = new Blob([packed]).stream();
const script = new Response(bytes.pipeThrough(new DecompressionStream("gzip")));
const type = "text/javascript";
const url = URL.createObjectURL(new Blob([await script.blob()], { type }));
try {
return await import(url);
} catch {
throw new Error("The page lets no script in.");
} finally {
URL.revokeObjectURL(url);
}
}

function figureInteractive(model, commands, onChange) {
const plot = element("div", { className: "pnx-plot", hidden: true });
let isOn = false;
let isLoading = false;
let plotly;
let version = -1;
let steps = [];
let isDone = Promise.resolve();
const inTurn = (work) => {
isDone = isDone.then(work).catch(({ message }) => {
if (plotly || !isOn) return onChange(message);
stop();
onChange(`The figure can't be interactive here. ${message}`);
});
};
async function draw() {
if (!isOn || version >= model.get("_shown").version) return;
const [answer, [text]] = await askForBytes(commands, "_figure", {});
const { default: loaded, dress } = await plotlyOf(commands, answer.plotly);
if (!isOn) return;
const figure = JSON.parse(new TextDecoder().decode(text));
plot.hidden = false;
Object.assign(figure.layout, size(), { autosize: false });
await loaded.react(plot, figure);
version = answer.version;
if (plotly) return;
plotly = loaded;
isLoading = false;
dress(plot.getRootNode());
const told = plot;
told.on("plotly_relayout", (layout) => tune(layout));
told.on("plotly_restyle", (traces) => tune({}, traces));
told.on("plotly_update", ({ data, layout }) => tune(layout, data));
}
function tune(layout, traces) {
steps.push({ layout, traces: traces ? [traces] : [] });
inTurn(async () => {
if (steps.length === 0) return;
const message = { steps };
steps = [];
const [answer] = await askForBytes(commands, "_tune", message);
if (answer.version === version + 1) version += 1;
});
}
function size() {
const { width, height } = model.get("_shown");
return { width: Math.min(width, plot.clientWidth || width), height };
}
function stop() {
isOn = isLoading = false;
plot.hidden = true;
inTurn(async () => {
plotly?.purge(plot);
plotly = void 0;
version = -1;
});
}
return {
element: plot,
stop,
isOn: () => isOn,
isLoading: () => isLoading,
start() {
isOn = isLoading = true;
inTurn(async () => {
await draw();
onChange();
});
},
update() {
plot.setAttribute("aria-label", model.get("alt"));
if (!plotly) return;
inTurn(async () => {
await draw();
if (!plotly) return;
const wanted = size();
const { width, height } = plot.layout;
if (width !== wanted.width || height !== wanted.height) await plotly.relayout(plot, wanted);
});
}
};
}

var FIELDS = ["format", "width", "height", "scale"];
function isRendering(model) {
if (model.get("_busy")) return true;
if (model.get("error").message) return false;
const { wanted } = model.get("_shown");
return FIELDS.some((field) => wanted[field] !== model.get(field));
}

function figureWords(model) {
const text = element("textarea", {
rows: 2,
onchange() {
model.set("alt", text.value.trim());
model.save_changes();
}
});
const row = element("label", { className: "pnx-words", hidden: true }, "Alt text", text);
const opener = button({ text: "Alt text" }, () => {
row.hidden = !row.hidden;
opener.setAttribute("aria-expanded", String(!row.hidden));
if (!row.hidden) text.focus();
});
opener.setAttribute("aria-expanded", "false");
return {
opener,
row,
update() {
if (!text.matches(":focus")) text.value = model.get("alt");
}
};
}

var OUTPUT = ".jp-OutputArea-child, .output_container, .output_subarea";
function hideStandIn(root, content) {
let hidden;
const hide = () => {
const own = root.closest(`${OUTPUT}, .jupyter-widgets`);
const before = own?.matches(OUTPUT) && own.previousElementSibling;
if (hidden?.isConnected || !(before instanceof HTMLElement)) return;
if (!hidden && !before.querySelector(content)) return;
hidden = before;
hidden.style.display = "none";
if (own?.parentNode) replaced.observe(own.parentNode, { childList: true });
};
const replaced = new MutationObserver(hide);
const placed = new ResizeObserver(hide);
placed.observe(root);
return () => {
placed.disconnect();
replaced.disconnect();
if (hidden) hidden.style.display = "";
};
}

var DARK = '[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast:not(.vscode-high-contrast-light), [data-vscode-theme-kind="vscode-dark"], [data-vscode-theme-kind="vscode-high-contrast"], [theme="dark"], [data-theme="dark"], .dark, .quarto-dark';
var LIGHT = '[data-jp-theme-light="true"], .vscode-light, .vscode-high-contrast-light, [data-vscode-theme-kind$="-light"], [theme="light"], [data-theme="light"], .light, .quarto-light';
var WATCHED = ["class", "theme", "data-theme", "data-jp-theme-light", "data-vscode-theme-kind"];
function followTheme(root) {
const pages = documentsAround(root);
const update = () => {
const tops = pages.flatMap(({ documentElement, body }) => [body, documentElement]);
const told = tops.map(
(top) => top.matches(DARK) ? "dark" : top.matches(LIGHT) ? "light" : ""
);
root.dataset["theme"] = told.find(Boolean) ?? "";
};
const observer = new MutationObserver(update);
for (const { documentElement, body } of pages) {
for (const top of [documentElement, body]) {
observer.observe(top, { attributes: true, attributeFilter: WATCHED });
}
}
update();
return () => observer.disconnect();
}
function documentsAround(root) {
const pages = [root.ownerDocument];
for (let frame = window.frameElement; frame; frame = frame.ownerDocument.defaultView?.frameElement ?? null) {
pages.push(frame.ownerDocument);
}
return pages;
}

var SAID = 4e3;
var LONG = 2e4;
function render({ model, el, signal }) {
const status = element("span", { className: "pnx-status", role: "status" });
const problem = element("div", { className: "pnx-problem", role: "alert" });
const missing = element("div", { className: "pnx-missing", role: "status" });
let done = "";
let refused = "";
let wasRendering = false;
let isLate = false;
const forgetting = debounce(() => say(), SAID);
const waiting = debounce(() => {
isLate = true;
update();
}, LONG);
const say = (was = "", wasNot = "") => {
done = was;
refused = wasNot;
if (done) forgetting.soon();
update();
};
const controls = figureControls(model);
const words = figureWords(model);
const image = figureImage(model, (file) => actions.update(file));
const actions = figureActions(
image.element,
say,
(problem2) => say("", problem2)
);
const interactive = figureInteractive(
model,
commandsOf(model, signal),
(problem2) => say("", problem2)
);
const asImage = button({ text: "Image" }, () => {
interactive.stop();
update();
});
const asFigure = button({ text: "Interactive" }, () => {
if (!interactive.isOn()) interactive.start();
update();
});
const root = element(
"div",
{ className: "pnx pnx-figure", "data-lm-suppress-shortcuts": true },
element(
"div",
{ className: "pnx-toolbar", role: "group", "aria-label": "Figure" },
element("div", { className: "pnx-switch", role: "group", "aria-label": "Show" }, asImage, asFigure),
controls.element,
element("div", { className: "pnx-actions" }, ...actions.elements, words.opener)
),
words.row,
problem,
element("div", { className: "pnx-stage" }, image.element, interactive.element, status),
missing
);
const stopFollowing = followTheme(root);
el.append(root);
const showStandIn = hideStandIn(root, "img, svg");
function update() {
if (signal?.aborted) return;
const isOn = interactive.isOn();
const isDrawn = isOn && !interactive.element.hidden;
controls.update();
words.update();
interactive.update();
image.update(isDrawn);
asImage.setAttribute("aria-pressed", String(!isOn));
asFigure.setAttribute("aria-pressed", String(isOn));
const isLoading = interactive.isLoading();
const rendering = isRendering(model);
if (rendering !== wasRendering) {
wasRendering = rendering;
isLate = false;
if (rendering) waiting.soon();
else waiting.cancel();
}
root.setAttribute("aria-busy", String(rendering || isLoading));
const rendered = isLate ? "Still rendering. Is the kernel running?" : "Rendering…";
status.textContent = isLoading ? "Loading…" : rendering ? rendered : done;
problem.textContent = [model.get("error").message, refused].filter(Boolean).join("\n");
missing.textContent = model.get("warnings").join("\n");
}
model.on("change", update);
signal?.addEventListener("abort", () => {
model.off("change", update);
for (const part of [controls, image, interactive]) part.stop();
forgetting.cancel();
waiting.cancel();
stopFollowing();
showStandIn();
});
update();
}
var figure_view_default = { render };
export {
figure_view_default as default
};
