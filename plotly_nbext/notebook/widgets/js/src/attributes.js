/** Attributes that are written only where they change: elements are drawn anew with every frame. */
export class Attributes {
  /** @type {WeakMap<Element, Record<string, string>>} */
  #written = new WeakMap();

  /**
   * Set attributes of an element, and remove those that were set before.
   *
   * @param {Element} element
   * @param {Record<string, string>} attributes
   */
  set(element, attributes) {
    const before = this.#written.get(element) ?? {};
    for (const [name, value] of Object.entries(attributes)) {
      if (before[name] !== value) element.setAttribute(name, value);
    }
    for (const name of Object.keys(before)) {
      if (!(name in attributes)) element.removeAttribute(name);
    }
    this.#written.set(element, attributes);
  }
}
