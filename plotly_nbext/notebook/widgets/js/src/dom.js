/** The elements of ours that take the focus. */
const FOCUSABLE = new Set(["a", "button", "input", "select", "textarea"]);

/**
 * Keep JupyterLab's shortcuts off an element: a `d d` typed there would delete the cell. What has
 * the focus needs this itself, for Lab looks there before it looks at what is around it.
 *
 * @param {Element} focusable
 */
export function keepKeys(focusable) {
  focusable.setAttribute("data-lm-suppress-shortcuts", "true");
}

/**
 * Make an element, set its properties and attributes, and put its children in.
 *
 * A name with a dash is an attribute (`aria-label`, `data-…`), any other a property.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) made.setAttribute(name, String(value));
    else Reflect.set(made, name, value);
  }
  if (FOCUSABLE.has(tag)) keepKeys(made);
  made.append(...children);
  return made;
}

/**
 * A button with an icon, a text, or both.
 *
 * @param {object} button
 * @param {string} [button.text]
 * @param {string} [button.label] What it is called, if not by its text.
 * @param {Node} [button.icon]
 * @param {string} [button.keys] What does the same.
 * @param {string} [button.className]
 * @param {() => void} onClick
 */
export function button({ text, label = text, icon, keys, className = "" }, onClick) {
  const made = element("button", { type: "button", className, onclick: onClick });
  if (icon) made.append(icon);
  if (text) made.append(element("span", {}, text));
  if (text !== label) made.setAttribute("aria-label", label ?? "");
  made.title = keys ? `${label} (${keys})` : (label ?? "");
  return made;
}

/**
 * How much larger an element is on the screen than it says of itself, where CSS zooms it.
 *
 * @param {Element} element
 */
export function zoomOf(element) {
  return element.currentCSSZoom ?? 1;
}

/**
 * The element that has the focus, also where the widget is in a shadow tree.
 *
 * @param {Node} near
 */
export function focused(near) {
  const root = /** @type {Document | ShadowRoot} */ (near.getRootNode());
  return root.activeElement ?? null;
}
