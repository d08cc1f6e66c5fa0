// Builds everything the browser is sent into static/dist: styles, scripts, fonts and the icon.
// Whoever serves the files gives them their content hashes, so names here stay plain.

import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = path.join(root, "static/dist");
const packages = path.join(root, "node_modules");
const plotlyLimit = 550_000;

const fonts = {
  "source-serif-4.woff2": "source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  "source-sans-3.woff2": "source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
  "source-sans-3-wider.woff2": "source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2",
};

/** Custom properties for every token, light by default and dark where the reader's system asks for it. */
function tokenRules(tokens) {
  const declare = (theme) =>
    Object.entries(tokens).map(([name, value]) => `--${name}:${value[theme]};`).join("");
  return [
    `:root{color-scheme:light;${declare("light")}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme="light"]){color-scheme:dark;${declare("dark")}}}`,
    "",
  ].join("\n");
}

async function buildStyles() {
  const tokens = JSON.parse(await readFile(path.join(root, "static/css/tokens.json"), "utf8"));
  const { css } = await sass.compileAsync(path.join(root, "static/css/totalplace.scss"), {
    loadPaths: [packages],
    style: "compressed",
    quietDeps: true,
  });
  await writeFile(path.join(dist, "totalplace.css"), tokenRules(tokens) + css);
  await cp(path.join(root, "static/css/without-script.css"), path.join(dist, "without-script.css"));
}

/**
 * Plotly writes its style rules at run time, which a strict content security policy refuses. It leaves that
 * alone where the page has an element of the right id and class, so its rules become a file of ours.
 */
async function buildPlotlyStyles() {
  const rules = [];
  const lib = { addStyleRule: (selector, declarations) => rules.push(`${selector}{${declarations}}`) };
  const source = await readFile(path.join(packages, "plotly.js/build/plotcss.js"), "utf8");
  new Function("require", source)(() => lib);
  if (rules.length === 0) throw new Error("Plotly's style rules were not found in plotly.js/build/plotcss.js");
  const own = rules.map((rule) => rule.replaceAll(/font-family:"Open Sans",[^;]*;/g, "font-family:inherit;"));
  await writeFile(path.join(dist, "plotly.css"), own.join("\n"));
}

/**
 * Plotly's words carry their weight and colour in style attributes, which a strict policy refuses to set as
 * text but allows through the style object: d3 is made to do so.
 */
const stylesThroughObject = {
  name: "styles-through-object",
  setup(build) {
    build.onLoad({ filter: /@plotly[\\/]d3[\\/]d3\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      const pattern = /this\.setAttribute\(name, (value|x)\);/g;
      if (source.match(pattern)?.length !== 2) throw new Error(`${file} sets attributes in another way than before`);
      const contents = source.replace(
        pattern,
        (set, value) => `{ if (name === "style") this.style.cssText = ${value}; else ${set} }`,
      );
      return { contents, loader: "js" };
    });
  },
};

async function buildScripts() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["forms", "page", "charts", "plotly", "upload", "grid/main"].map((name) => `static/js/${name}.js`),
    outdir: "static/dist",
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2020",
    define: { global: "globalThis" },
    plugins: [stylesThroughObject],
    // Plotly asks for the styles of its tile maps, which no chart here uses.
    loader: { ".css": "empty" },
    legalComments: "linked",
    logLevel: "warning",
  });
  const size = gzipSync(await readFile(path.join(dist, "plotly.js")), { level: 9 }).length;
  if (size > plotlyLimit) throw new Error(`plotly.js is ${size} bytes gzipped, more than ${plotlyLimit}`);
  return size;
}

async function copyAssets() {
  await mkdir(path.join(dist, "fonts"), { recursive: true });
  for (const [name, source] of Object.entries(fonts)) {
    await cp(path.join(packages, "@fontsource-variable", source), path.join(dist, "fonts", name));
  }
  await cp(path.join(root, "static/icons"), path.join(dist, "icons"), { recursive: true });
}

/** The licences of what is sent along, in one file. */
async function collectLicences() {
  const files = {
    "Plotly.js": "plotly.js/LICENSE",
    "Source Serif 4": "@fontsource-variable/source-serif-4/LICENSE",
    "Source Sans 3": "@fontsource-variable/source-sans-3/LICENSE",
  };
  const texts = await Promise.all(
    Object.entries(files).map(async ([name, file]) => {
      const text = await readFile(path.join(packages, file), "utf8");
      return `${name}\n\n${text.trim()}\n`;
    }),
  );
  texts.push("GOV.UK Frontend\n\nMIT Licence, Crown copyright (Government Digital Service)\n");
  await writeFile(path.join(dist, "licences.txt"), texts.join("\n\n"));
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const [size] = await Promise.all([
  buildScripts(),
  buildStyles(),
  buildPlotlyStyles(),
  copyAssets(),
  collectLicences(),
]);
const { version } = createRequire(import.meta.url)("plotly.js/package.json");
console.log(`Built static/dist; plotly.js ${version}: ${Math.round(size / 1000)} kB gzipped`);
