// Bundles GraphiQL and React into the explorer's vendor folder, and writes the licences of all that is in it.
import { build } from "esbuild";
import fs from "node:fs";
import path from "node:path";

const out = "../meibo_graphql/explorer/static/vendor";
const licenceNames = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "license.md", "LICENCE"];
// The texts of packages whose tarball leaves theirs out.
const mit = (who) => `MIT License\n\nCopyright (c) ${who}\n\n${fs.readFileSync("mit.txt", "utf8")}`;

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

const packages = new Map();
for (const input of Object.keys(result.metafile.inputs)) {
  const match = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
  if (match) packages.set(match[1], match[0]);
}
const texts = [];
for (const [name, folder] of [...packages].sort()) {
  const about = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const file = licenceNames.map((n) => path.join(folder, n)).find((f) => fs.existsSync(f));
  if (about.license !== "MIT" && !file) throw new Error(`${name}: no licence text`);
  const author = typeof about.author === "object" ? about.author.name : about.author;
  const text = file ? fs.readFileSync(file, "utf8") : mit(author ?? `the ${name} authors`);
  texts.push(`${"=".repeat(80)}\n${name} ${about.version} (${about.license})\n\n${text.trim()}\n`);
}
fs.writeFileSync(path.join(out, "LICENSES.txt"), texts.join("\n"));
console.log([...packages.keys()].sort().join(" "));
