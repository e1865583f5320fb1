// Builds footfall.js and the further files that it loads, the immutable copies of all of them
// under versions/, and versions.json; --check compares only.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { bindingsOf, rename } from "./names.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const inside = (...names) => join(here, ...names);
const read = (...names) => JSON.parse(readFileSync(inside(...names)));
const { version } = read("package.json");

const vitals = read("node_modules/web-vitals/package.json");
const FURTHER = [
  { name: "overlay", entry: "src/overlay/main.js" },
  { name: "more", entry: "src/more/main.js" },
  { name: "identity", entry: "src/identity/main.js" },
  { name: "fingerprint", entry: "src/fingerprint/main.js" },
  {
    name: "vitals",
    entry: "src/vitals.js",
    inject: "src/hiding.js",
    preamble: `/*! web-vitals ${vitals.version}, Copyright Google LLC, ${vitals.license}: see web-vitals.LICENSE.txt */`,
  },
];

const bundle = async (entry, options) => {
  const { outputFiles } = await build({
    entryPoints: [inside(entry)],
    bundle: true,
    minifySyntax: true,
    format: "esm",
    legalComments: "none",
    target: "es2022",
    mangleProps: /^_/,
    write: false,
    ...options,
  });
  return outputFiles[0].text;
};

// Terser puts what is used once where it is used: a tenth less than esbuild's own minifying.
const shrink = async (text, options) => {
  const compress = { passes: 3, lhs_constants: false };
  return (await minify(text, { ecma: 2022, toplevel: true, compress, ...options })).code;
};

const compile = async (entry, { inject, preamble }) =>
  shrink(await bundle(entry, { inject: inject ? [inside(inject)] : [] }), {
    module: true,
    format: { preamble },
  });

// The core is a script; its names are found by bench/names.py.
const compileCore = async (properties) => {
  const text = await bundle("src/main.js", { mangleCache: properties });
  return `try{${await shrink(text.replace(/^var /gm, "let "), {})}}catch{}`;
};

const names = read("names.json");
if (process.argv.includes("--marked")) {
  // What may be named, for bench/names.py; properties are marks.
  const marks = Object.keys(names.properties).map((key, place) => [key, `$p${place}$`]);
  process.stdout.write(JSON.stringify(bindingsOf(await compileCore(Object.fromEntries(marks)))));
  process.exit();
}

const files = { footfall: rename(await compileCore(names.properties), names.bindings) };
for (const { name, entry, ...options } of FURTHER)
  files[name] = await compile(entry, options);

// One mark for all files of a build: the core asks for the others by its own name, and never
// gets one that does not fit.
const digest = (algorithm, form, ...texts) => createHash(algorithm).update(texts.join("\n")).digest(form);
const mark = digest("sha256", "hex", ...Object.values(files)).slice(0, 10);
const copies = Object.entries(files).map(([name, code]) => ({
  code,
  file: `versions/${name}-${version}-${mark}.js`,
  integrity: "sha384-" + digest("sha384", "base64", code),
}));
const [core, ...further] = copies;
const current = {
  version,
  file: core.file,
  integrity: core.integrity,
  further: Object.fromEntries(further.map(({ file, integrity }) => [file, integrity])),
};

const listed = existsSync(inside("versions.json")) ? read("versions.json") : [];
// Versions released stay for ever; one still being worked on is replaced.
const list = [current, ...listed.filter((entry) => entry.version != version)];
const filesOf = (entry) => [entry.file, ...Object.keys(entry.further ?? {})];
const kept = new Set(list.flatMap(filesOf));

const content = new Map([
  ...Object.entries(files).map(([name, code]) => [`${name}.js`, code]),
  ...copies.map(({ file, code }) => [file, code]),
  ["versions.json", JSON.stringify(list, null, 2) + "\n"],
  ["web-vitals.LICENSE.txt", readFileSync(inside("node_modules/web-vitals/LICENSE"), "utf8")],
]);

if (process.argv.includes("--check")) {
  for (const [name, text] of content) {
    if (existsSync(inside(name)) && readFileSync(inside(name), "utf8") == text) continue;
    console.error(`${name} is not what its source gives: run \`make snippet\`.`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(inside("versions"), { recursive: true });
  for (const name of listed.flatMap(filesOf)) if (!kept.has(name)) rmSync(inside(name), { force: true });
  for (const [name, text] of content) writeFileSync(inside(name), text);
}
for (const { file, code } of copies)
  console.log(`${file} ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} gzipped`);
