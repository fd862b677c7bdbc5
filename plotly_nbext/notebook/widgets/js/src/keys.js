/** What is done by keys when no text is being typed; arrows and such are in selection.js. */
const ACTIONS = /** @type {const} */ ({
  Enter: "edit",
  F2: "edit",
  "Shift+Enter": "up",
  Tab: "next",
  "Shift+Tab": "previous",
  Escape: "leave",
  Delete: "clear",
  Backspace: "clear",
  "Mod+a": "selectAll",
  "Mod+ ": "selectColumns",
  "Shift+ ": "selectRows",
  "Mod+c": "copy",
  "Mod+x": "cut",
  "Mod+d": "fill",
  "Mod+z": "undo",
  "Mod+y": "redo",
  "Mod+Shift+z": "redo",
  "Mod+s": "save",
  "Mod+f": "find",
  F3: "findNext",
  "Mod+g": "findNext",
  "Shift+F3": "findPrevious",
  "Mod+Shift+g": "findPrevious",
  ContextMenu: "menu",
  "Shift+F10": "menu",
  "Alt+ArrowDown": "columnMenu",
  "Alt+ArrowLeft": "narrower",
  "Alt+ArrowRight": "wider",
  "Alt+Shift+ArrowLeft": "moveLeft",
  "Alt+Shift+ArrowRight": "moveRight",
});

/** @typedef {(typeof ACTIONS)[keyof typeof ACTIONS]} Action */
/** @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} Stroke */

/**
 * What a key does, or undefined.
 *
 * @param {Stroke} stroke
 * @returns {Action | undefined}
 */
export function actionOf(stroke) {
  const { key, altKey, shiftKey } = stroke;
  const name = key.length === 1 ? key.toLowerCase() : key;
  const held = [isFar(stroke) && "Mod+", altKey && "Alt+", shiftKey && "Shift+"].filter(Boolean);
  return ACTIONS[/** @type {keyof typeof ACTIONS} */ (held.join("") + name)];
}

/**
 * Whether the key types a character.
 *
 * @param {Stroke} stroke
 */
export function typesText(stroke) {
  // AltGr, which some layouts need for a bracket, is Ctrl with Alt.
  const isCommand = stroke.metaKey || stroke.ctrlKey !== stroke.altKey;
  return [...stroke.key].length === 1 && !isCommand;
}

/**
 * Whether Ctrl, or Cmd, is held.
 *
 * @param {Stroke} stroke
 */
export function isFar({ ctrlKey, metaKey }) {
  return ctrlKey || metaKey;
}

/**
 * A key as it is written on this machine.
 *
 * @param {string} keys As above: `Mod+Shift+z`.
 * @param {boolean} isMac
 */
export function written(keys, isMac) {
  const names = isMac ? MAC_NAMES : NAMES;
  const write = (/** @type {string} */ key) => {
    return names[key] ?? ARROWS[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  };
  return keys
    .split("+")
    .map(write)
    .join(isMac ? "" : "+");
}

/** @type {Record<string, string>} */
const NAMES = { Mod: "Ctrl" };
/** @type {Record<string, string>} */
const MAC_NAMES = { Mod: "⌘", Shift: "⇧", Alt: "⌥" };
/** @type {Record<string, string>} */
const ARROWS = { ArrowLeft: "←", ArrowRight: "→", ArrowDown: "↓" };
