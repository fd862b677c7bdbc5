// Bundle the widgets into ../static, and what the server's pages run into its own static folder. The
// first line of each bundle holds the SHA-256 of the sources and of the rest of the bundle;
// tests/notebook/widgets/test_static_is_current.py checks both.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";

import { build, transform, version } from "esbuild";

process.chdir(import.meta.dirname);
const BUNDLES = {
  "../static": [
    "figure_view.js",
    "figure_view.css",
    "grid_view.js",
    "grid_view.css",
    "grid_file.js",
    "grid_file.css",
  ],
  "../../../server/pages/static": ["grid_page.js", "pages.css"],
};

// Types and docs are for who reads the sources; each widget brings its bundle along.
const withoutDocs = {
  name: "without docs",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/\w+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll(/\/\*\*.*?\*\//gs, ""),
    }));
  },
};

// regular-table comes from its own TypeScript, which its package holds, and as small as it is shipped:
// minified, and without what is never needed here. It would find the widths of columns, which are told,
// let them be dragged, which `resizing.js` does, merge headers, and put a style sheet into the page.
const REGULAR_TABLE = "regular-table";
const UNUSED = {
  "events.ts": [
    "_on_click",
    "_on_click_or_dblclick",
    "_on_dblclick",
    "_on_mousewheel",
    "_on_resize_column",
    "_on_resize_column_move",
    "_on_touchmove",
    "_on_touchstart",
    "_register_glitch_scroll_listeners",
  ],
  "regular-table.ts": [
    "clear",
    "getDrawFPS",
    "removeStyleListener",
    "restoreColumnSizes",
    "saveColumnSizes",
    "scrollToCell",
  ],
  "scroll_panel.ts": ["_autosize_fill_check", "_probe_row_height"],
  "table.ts": [
    "_clearColumnRule",
    "_ensureColumnWidthSheet",
    "_estimated_column_width",
    "_getOrCreateColumnRule",
    "_needs_autosize",
    "_observe_autosize",
    "_on_autosize_entries",
    "_setColumnRule",
    "_updateColumnRule",
    "dispose",
    "updateColumnWidthStyles",
  ],
  "thead.ts": ["_draw_group", "_flush_colspan", "flush_colspans", "get_column_header"],
  "view_model.ts": ["_replace_cell", "_set_metadata", "_tagColumn", "_untagColumn"],
};

// What it calls things that nobody else has to do with.
const INTERNAL =
  /^(_.*|(row|column)_headers_length|(start|end)_(col|row)|(sub_cell|ridx)_offset|viewport_width|invalid_\w+|preserve_width|container_?[hH]eight|drawn_ridx|virtual_[xy]|row_header_x|column_header_y|cont_\w+)$/;

function emptied(source, method) {
  const found = new RegExp(`^    (\\w+ )*${method}\\([^]*?^    \\}$`, "m");
  if (!found.test(source)) throw new Error(`${REGULAR_TABLE} has no ${method} to leave out.`);
  return source.replace(found, `    ${method}() {}`);
}

const itsSources = {
  name: "its sources",
  setup({ onResolve, onLoad }) {
    const path = `node_modules/${REGULAR_TABLE}/dist/esm/regular-table.js.map`;
    const { sources, sourcesContent } = JSON.parse(readFileSync(path, "utf8"));
    const files = new Map(sources.map((name, i) => [basename(name), sourcesContent[i]]));
    onResolve({ filter: /./ }, ({ path }) => {
      const name = extname(path) ? basename(path) : `${basename(path)}.ts`;
      return { path: name, namespace: REGULAR_TABLE };
    });
    onLoad({ filter: /./, namespace: REGULAR_TABLE }, ({ path }) => ({
      // Only what is nothing but types is not among them.
      contents: (UNUSED[path] ?? [])
        .reduce(emptied, files.get(path) ?? "")
        .replace("const DEBUG = true", "const DEBUG = false"),
      loader: extname(path) === ".css" ? "text" : "ts",
    }));
  },
};
const regularTable = await build({
  entryPoints: [REGULAR_TABLE],
  bundle: true,
  minify: true,
  mangleProps: INTERNAL,
  drop: ["console"],
  format: "iife",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  write: false,
  plugins: [itsSources],
});
const withRegularTable = (text) => {
  const ours = text.replace(`import "${REGULAR_TABLE}";\n`, "");
  return ours === text ? ours : regularTable.outputFiles[0].text + ours;
};

// Names and lines are to be read; what indents them, and the files' names between them, would be a
// thirtieth of all that travels.
async function withoutIndents(text, path) {
  const flat = text.replaceAll(/^ *\/\/ .*\n|^ +/gm, "");
  const options = { loader: extname(path).slice(1), minify: true, legalComments: "none" };
  const [before, after] = await Promise.all([text, flat].map((code) => transform(code, options)));
  if (before.code !== after.code) throw new Error(`${path} has a text of several lines.`);
  return flat;
}

// What is random is not compressed: the first digits tell enough.
const sha256 = (parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex").slice(0, 16);

const sources = [
  "build.mjs",
  "package-lock.json",
  ...readdirSync("src").map((name) => `src/${name}`),
].sort();
const sourcesHash = sha256(sources.flatMap((name) => [`${name}\0`, readFileSync(name)]));

for (const [folder, entries] of Object.entries(BUNDLES)) {
  const { outputFiles } = await build({
    entryPoints: entries.map((name) => `src/${name}`),
    bundle: true,
    format: "esm",
    target: "es2022",
    charset: "utf8",
    legalComments: "inline",
    outdir: folder,
    write: false,
    external: [REGULAR_TABLE],
    plugins: [withoutDocs],
  });
  for (const { path, text } of outputFiles) {
    const body = withRegularTable(await withoutIndents(text, path));
    const banner = `/* sources sha256:${sourcesHash} body sha256:${sha256([body])} built by esbuild ${version} */\n`;
    writeFileSync(path, banner + body);
  }
  copyFileSync("node_modules/regular-table/LICENSE", join(folder, "regular-table.LICENSE"));
}
