// Makes one file of the app by each bundler, as it is used for production and for development.
import { build } from "esbuild";
import webpack from "webpack";

for (const minify of [false, true])
  await build({
    entryPoints: ["app.mjs"],
    outfile: `esbuild${minify ? "-minified" : ""}.cjs`,
    bundle: true,
    minify,
    platform: "node",
    format: "cjs",
  });
for (const mode of ["production", "development"])
  await new Promise((done, fail) => {
    const output = { path: import.meta.dirname, filename: `webpack-${mode}.cjs`, chunkFormat: false };
    webpack({ mode, target: "node", entry: "./app.mjs", output }, (error, stats) =>
      error || stats.hasErrors() ? fail(error ?? new Error(stats.toString())) : done(),
    );
  });
