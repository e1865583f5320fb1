// Builds footfall.js, its immutable copy under versions/, and versions.json; --check compares only.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const inside = (...names) => join(here, ...names);
const { version } = JSON.parse(readFileSync(inside("package.json")));

const target = "es2021";
const { outputFiles } = await build({
  entryPoints: [inside("src/main.js")],
  bundle: true,
  minifySyntax: true,
  format: "iife",
  target,
  mangleProps: /^_/,
  banner: { js: "try {" },
  footer: { js: "} catch {}" },
  write: false,
});
// Terser puts what is used once where it is used: a tenth less than esbuild's own minifying.
const { code } = await minify(outputFiles[0].text, {
  ecma: 2021,
  toplevel: true,
  compress: { passes: 3, lhs_constants: false },
});
const hash = (name, form) => createHash(name).update(code).digest(form);
const file = `versions/footfall-${version}-${hash("sha256", "hex").slice(0, 10)}.js`;
const current = { version, file, integrity: "sha384-" + hash("sha384", "base64") };

const listPath = inside("versions.json");
const listed = existsSync(listPath) ? JSON.parse(readFileSync(listPath)) : [];
// Versions released stay for ever; one still being worked on is replaced.
const replaced = listed.filter((entry) => entry.version == version && entry.file != file);
const list = [current, ...listed.filter((entry) => entry.version != version)];
const text = JSON.stringify(list, null, 2) + "\n";

if (process.argv.includes("--check")) {
  const same = (name, content) =>
    existsSync(inside(name)) && readFileSync(inside(name), "utf8") == content;
  if (!same("footfall.js", code) || !same(file, code) || !same("versions.json", text)) {
    console.error("The built snippet is not what its source gives: run `make snippet`.");
    process.exit(1);
  }
} else {
  mkdirSync(inside("versions"), { recursive: true });
  for (const entry of replaced) rmSync(inside(entry.file), { force: true });
  writeFileSync(inside("footfall.js"), code);
  writeFileSync(inside(file), code);
  writeFileSync(listPath, text);
}
console.log(`${file} ${code.length} bytes, ${gzipSync(code, { level: 9 }).length} gzipped`);
