// Writes the licences of everything that esbuild put into a bundle.
import fs from "node:fs";
import path from "node:path";

const NAMES = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "license.md", "LICENCE"];
// The text for packages whose tarball leaves theirs out.
const MIT = fs.readFileSync(new URL("mit.txt", import.meta.url), "utf8");

export function writeLicences(metafile, file) {
  const packages = packagesOf(metafile);
  const texts = [...packages].sort().map(([name, folder]) => textOf(name, folder));
  fs.writeFileSync(file, texts.join("\n"));
  console.log([...packages.keys()].sort().join(" "));
}

function packagesOf(metafile) {
  const found = Object.keys(metafile.inputs).map((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input));
  return new Map(found.filter(Boolean).map((match) => [match[1], match[0]]));
}

function textOf(name, folder) {
  const about = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  const file = NAMES.map((each) => path.join(folder, each)).find((each) => fs.existsSync(each));
  if (about.license !== "MIT" && !file) throw new Error(`${name}: no licence text`);
  const author = typeof about.author === "object" ? about.author.name : about.author;
  const text = file ? fs.readFileSync(file, "utf8") : `MIT License\n\nCopyright (c) ${author ?? `the ${name} authors`}\n\n${MIT}`;
  return `${"=".repeat(80)}\n${name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
}
