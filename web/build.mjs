// Bundles the third-party modules of the workbench into api/static/vendor/workbench/.
//
//   npm ci && npm run build
//
// The result depends on package-lock.json alone, so building again changes no byte.
import { createHash } from "node:crypto";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "../api/static/vendor/workbench");

/** Return the folder of the package that a bundled file belongs to. */
function packageOf(path) {
  const [, scoped, plain] = path.match(/node_modules\/(?:(@[^/]+\/[^/]+)|([^/]+))\//) ?? [];
  return scoped ?? plain;
}

/** Return name, version, licence and the licence's text of a package. */
async function described(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? await readFile(join(folder, file), "utf8") : `${license}; no text is given\n`;
  return { name, version, license, text };
}

await rm(target, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["src/editor.js", "src/drawing.js"],
  outdir: target,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});

const names = new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean));
const packages = await Promise.all([...names].sort().map(described));
const origin = packages.map(({ name, version, license }) => `${name} ${version}, ${license}\n`);
await writeFile(join(target, "ORIGIN"), origin.join(""));
const licences = packages.map(({ name, text }) => `${name}\n${"=".repeat(name.length)}\n\n${text.trim()}\n`);
await writeFile(join(target, "LICENSES"), licences.join("\n\n"));

const sums = [];
for (const name of (await readdir(target)).sort()) {
  const digest = createHash("sha256").update(await readFile(join(target, name))).digest("hex");
  sums.push(`${digest}  ${name}\n`);
}
await writeFile(join(target, "SHA256SUMS"), sums.join(""));
