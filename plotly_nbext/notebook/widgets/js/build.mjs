// Bundle the widgets into ../static, and what the server's pages run into its own static folder. The
// first line of each bundle holds the SHA-256 of the sources and of the rest of the bundle;
// tests/notebook/widgets/test_static_is_current.py checks both.
import { createHash } from "node:crypto";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { build, version } from "esbuild";

process.chdir(import.meta.dirname);
const BUNDLES = {
  "../static": ["figure_view.js", "figure_view.css", "grid_view.js", "grid_view.css"],
  "../../../server/pages/static": ["grid_page.js", "pages.css"],
};

const sha256 = (parts) =>
  parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

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
  });
  for (const { path, contents } of outputFiles) {
    const banner = `/* sources sha256:${sourcesHash} body sha256:${sha256([contents])} built by esbuild ${version} */\n`;
    writeFileSync(path, Buffer.concat([Buffer.from(banner), contents]));
  }
  copyFileSync("node_modules/regular-table/LICENSE", join(folder, "regular-table.LICENSE"));
}
