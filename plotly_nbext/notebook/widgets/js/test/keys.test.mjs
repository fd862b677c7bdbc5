import assert from "node:assert/strict";
import test from "node:test";

import { actionOf, typesText, written } from "../src/keys.js";

/** @param {string} keys @param {string} [mod] */
function stroke(keys, mod = "ctrlKey") {
  const names = keys.split("+");
  return {
    key: names.at(-1),
    ctrlKey: false,
    metaKey: false,
    altKey: names.includes("Alt"),
    shiftKey: names.includes("Shift"),
    ...(names.includes("Mod") && { [mod]: true }),
  };
}

test("keys do what they do in a spreadsheet, with Ctrl and with Cmd", () => {
  for (const [keys, action] of Object.entries({
    F2: "edit",
    Enter: "edit",
    Delete: "clear",
    "Mod+c": "copy",
    "Mod+Shift+Z": "redo",
    "Mod+z": "undo",
    "Mod+D": "fill",
    "Shift+Tab": "previous",
    "Alt+ArrowDown": "columnMenu",
  })) {
    assert.equal(actionOf(stroke(keys)), action, keys);
    assert.equal(actionOf(stroke(keys, "metaKey")), action, keys);
  }
});

test("arrows and characters are no actions", () => {
  for (const keys of ["ArrowDown", "Shift+ArrowDown", "a", "Mod+ArrowUp", "Mod+v"]) {
    assert.equal(actionOf(stroke(keys)), undefined, keys);
  }
});

test("characters are text, commands are not", () => {
  for (const keys of ["a", "Shift+A", " ", "ß", "😀", "="])
    assert.ok(typesText(stroke(keys)), keys);
  for (const keys of ["Mod+v", "Enter", "F5", "Dead", "Process"]) {
    assert.ok(!typesText(stroke(keys)), keys);
  }
});

test("AltGr types a bracket", () => {
  assert.ok(typesText({ ...stroke("Alt+["), ctrlKey: true }));
});

test("keys are written as on the machine", () => {
  assert.equal(written("Mod+Shift+z", false), "Ctrl+Shift+Z");
  assert.equal(written("Mod+Shift+z", true), "⌘⇧Z");
  assert.equal(written("Alt+ArrowLeft", false), "Alt+←");
});
