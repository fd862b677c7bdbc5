/** The elements of ours that take the focus. */
const FOCUSABLE = new Set(["a", "button", "input", "select"]);

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
