// Bundles the check page's libraries into its vendor folder, and writes the licences of all that is in it.
import { build } from "esbuild";
import { writeLicences } from "../explorer-build/licences.mjs";

const out = "../meibo_graphql/check/static/vendor";

const result = await build({
  entryPoints: { libraries: "src/libraries.js" },
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022"],
  legalComments: "none",
  metafile: true,
  outdir: out,
  logLevel: "warning",
});

writeLicences(result.metafile, `${out}/LICENSES.txt`);
