// Bundles the other detectors and the libraries that come as modules: node build.mjs FOLDER
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const rivals = readdirSync(join(here, "rivals"));
await build({
  entryPoints: {
    ...Object.fromEntries(rivals.map((file) => [file.replace(".js", ""), join(here, "rivals", file)])),
    material: "@material/web/all.js",
    shoelace: "@shoelace-style/shoelace",
  },
  absWorkingDir: here,
  outdir: process.argv[2],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  logLevel: "error",
  define: { "process.env.NODE_ENV": '"production"' },
});
