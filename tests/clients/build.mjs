// Bundles the scripts of other trackers as pages use them, each as the global `tracker`: node build.mjs FOLDER
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const scripts = {
  plausible: "@plausible-analytics/tracker",
  "plausible-before": "plausible-tracker",
  posthog: "posthog-js",
  snowplow: "@snowplow/browser-tracker",
};
for (const [name, entry] of Object.entries(scripts)) {
  await build({
    entryPoints: { [name]: entry },
    absWorkingDir: dirname(fileURLToPath(import.meta.url)),
    outdir: process.argv[2],
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "tracker",
    target: "es2022",
    logLevel: "error",
  });
}
