// node clients.mjs URL TOKEN: TypeScript for Apollo Client, urql and Relay, generated from the committed SDL, compiled
// strictly, and run against the server.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { check } from "./report.mjs";

const [url, token] = process.argv.slice(2);
const cwd = new URL("clients/", import.meta.url);
const CLIENTS = ["apollo", "urql", "relay", "forms"];

/** Run a program of the packages; its words are told where it fails. */
async function tool(name, program, ...words) {
  const running = spawn(`../node_modules/.bin/${program}`, words, { cwd });
  let said = "";
  for (const stream of [running.stdout, running.stderr]) stream.on("data", (text) => (said += text));
  const [status] = await once(running, "close");
  return check(name, status === 0, said.replace(/\x1b\[[0-9;]*m/g, ""));
}

async function generate() {
  mkdirSync(new URL("relay/__generated__", cwd), { recursive: true });
  const done = await Promise.all([
    tool("graphql-codegen reads the SDL and the documents", "graphql-codegen", "--config", "codegen.yml"),
    tool("relay-compiler reads the SDL and the documents", "relay-compiler", "relay.config.json"),
  ]);
  return done.every(Boolean) && tool("tsc --strict compiles what they wrote", "tsc", "--project", ".", "--strict");
}

/** A client's own checks; a crash is a failed one. */
async function run(client) {
  const words = ["--import", "./artifacts.mjs", `build/clients/${client}.js`, url, token];
  const [status] = await once(spawn(process.execPath, words, { cwd, stdio: "inherit" }), "close");
  check(`${client} ran to its end`, status === 0);
}

if (await generate()) for (const client of CLIENTS) await run(client);
