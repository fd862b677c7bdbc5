/**
 * Put a text that is on its way into the clipboard.
 *
 * @param {HTMLElement} root
 * @param {string} text
 * @throws {Error} The browser allows it in no way.
 */
export async function writeClipboard(root, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Over plain HTTP, and in some frames, there is only the old way.
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "pnx-unseen";
    const before = document.activeElement;
    root.append(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    if (!isDone) throw new Error("The browser does not allow copying here.");
  }
}

/**
 * The text in the clipboard.
 *
 * @throws {Error} The browser allows it only by the key.
 */
export async function readClipboard() {
  try {
    return await navigator.clipboard.readText();
  } catch {
    throw new Error("The browser allows pasting by Ctrl+V only (⌘V on a Mac).");
  }
}
