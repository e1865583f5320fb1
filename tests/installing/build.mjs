// Bundles an app for the browser, finding the frameworks beside this file: node build.mjs ENTRY FILE
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
await build({
  entryPoints: [process.argv[2]],
  outfile: process.argv[3],
  bundle: true,
  format: "iife",
  jsx: "automatic",
  nodePaths: [join(here, "node_modules")],
  // templates are compiled in the browser, as where Vue has no build step
  alias: { vue: "vue/dist/vue.esm-bundler.js" },
  define: {
    "process.env.NODE_ENV": '"development"',
    __VUE_OPTIONS_API__: "true",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  logLevel: "error",
});
