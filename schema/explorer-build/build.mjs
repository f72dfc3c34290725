// Bundles GraphiQL and React into the explorer's vendor folder, and writes the licences of all that is in it.
import { build } from "esbuild";
import { writeLicences } from "./licences.mjs";

const out = "../meibo_graphql/explorer/static/vendor";

const result = await build({
  entryPoints: { graphiql: "src/graphiql.js", "graphiql-style": "src/graphiql.css" },
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2020"],
  loader: { ".woff2": "dataurl", ".woff": "dataurl" },
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  metafile: true,
  outdir: out,
  logLevel: "warning",
});

writeLicences(result.metafile, `${out}/LICENSES.txt`);
