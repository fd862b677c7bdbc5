/**
 * When a plot stands still: plotly.js waits a fixed half second for 3D scenes and maps.
 *
 * It also draws a scene many times: while it plots, for each frame until its camera has come to
 * rest, and when it is read, and most times twice, once for a mouse to pick from. Only the last
 * is seen, and without a GPU each takes hundreds of milliseconds.
 */

/** How long plotly.js itself waits for scenes and maps, in milliseconds. */
const DELAY = 500;

/** How long a map may take to load what it shows, in milliseconds. */
const MAP_PATIENCE = 10_000;

/** The kinds of subplots that are complete when plotly.js says so. */
const COMPLETE = ["cartesian", "gl3d", "map"];

/** The one context in which plotly.js draws all static scenes of a page, once it has one. */
let scenes;

const pause = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

/** What is of no use while a plot is made: drawing, and listening for a mouse for ever. */
function* idleParts() {
  if (!scenes) return;
  for (const name of ["clear", "drawArrays", "drawElements"]) yield [scenes, name];
  yield [scenes.canvas, "addEventListener"];
}

/** Make a plot without drawing its scenes, which are drawn when they are read. */
export async function withoutScenes(plot) {
  const parts = [...idleParts()];
  for (const [owner, name] of parts) owner[name] = () => {};
  try {
    return await plot();
  } finally {
    for (const [owner, name] of parts) delete owner[name]; // its prototype's is back
  }
}

/** Tell whether a plot lacks what is drawn by WebGL: there is none, or it was lost meanwhile. */
export function hasLostWebGL(plot) {
  const contexts = [...plot.querySelectorAll("canvas.gl-canvas")].map(
    (canvas) => canvas.getContext("webgl") ?? canvas.getContext("webgl2"),
  );
  return (
    plot.querySelector(".no-webgl") !== null ||
    [scenes, ...contexts].some((context) => context?.isContextLost())
  );
}

/** Put the camera of a scene where it is heading, and keep it there. */
function rest({ camera, gl }) {
  camera.view.recalcMatrix(camera.view.lastT());
  camera.tick = () => false;
  scenes = gl;
}

/** Wait until a map has loaded all, placed its labels and ended their fading in. */
async function loaded(map) {
  const idle = new Promise((resolve) => map.once("idle", resolve));
  map.triggerRepaint(); // it may have been idle before, and says so only once
  await Promise.race([idle, pause(MAP_PATIENCE)]);
}

/** Wait until a plot looks as it does after plotly.js's fixed wait. */
export async function settle(fullLayout) {
  const subplots = (kind, part) =>
    fullLayout._has(kind) ? fullLayout._subplots[kind].map((id) => fullLayout[id][part]) : [];
  try {
    subplots("gl3d", "_scene").forEach((scene) => rest(scene.glplot));
    await Promise.all(subplots("map", "_subplot").map((subplot) => loaded(subplot.map)));
    // tables, parallel coordinates and others finish in a timer
    if (fullLayout._basePlotModules.some(({ name }) => !COMPLETE.includes(name))) await pause(0);
  } catch {
    await pause(DELAY); // a plotly.js with other internals
  }
}
