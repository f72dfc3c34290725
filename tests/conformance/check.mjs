// node check.mjs ORIGIN CHROMIUM FOLDER CASES: the check page in Chromium, with a camera that sees a QR code.
//
// FOLDER is what check_site.py wrote; screenshots go there. CASES is what qr_cases.py wrote. All requests pass a relay
// of our own, so that the network can really be cut.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { check } from "./report.mjs";

const [upstream, executablePath, folder, casesFile] = process.argv.slice(2);
const links = JSON.parse(readFileSync(`${folder}/links.json`, "utf8"));
const given = JSON.parse(readFileSync(casesFile, "utf8"));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PATIENCE_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

class Relay {
  #sockets = new Set();

  async start(port = 0) {
    this.#server = createServer((near) => this.#join(near, connect(new URL(upstream).port, "127.0.0.1")));
    await once(this.#server.listen(port, "127.0.0.1"), "listening");
    this.port = this.#server.address().port;
  }

  cut() {
    this.#server.close();
    for (const each of this.#sockets) each.destroy();
  }

  #server;

  #join(...pair) {
    for (const [index, each] of pair.entries()) {
      this.#sockets.add(each);
      each.on("close", () => this.#sockets.delete(each)).on("error", () => pair[1 - index].destroy()).pipe(pair[1 - index]);
    }
  }
}

const relay = new Relay();
await relay.start();
const origin = `http://127.0.0.1:${relay.port}`;
const browser = await chromium.launch({
  executablePath,
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${folder}/camera.mjpeg`,
  ],
});
const outside = [];
const problems = [];
let isOnline = true;

async function openPage(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ja", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  context.on("request", (request) => request.url().startsWith(origin) || /^(blob|data):/.test(request.url()) || outside.push(request.url()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && isOnline && problems.push(message.text()));
  return page;
}

async function step(name, act) {
  try {
    const why = await act();
    return check(`check page: ${name}`, why === undefined || why === true, why);
  } catch (error) {
    return check(`check page: ${name}`, false, error.stack);
  }
}

const verdict = async (page) => (await page.textContent("#verdict")).replace(/^[✓✕?]/, "");
const told = (page) => page.innerText("#result");
const fragment = (name) => links[name].split("#")[1];

async function paste(page, text) {
  await page.fill("#link", text);
  await page.click("#paste button");
  await page.waitForSelector("#verdict");
  return verdict(page);
}

async function violations(page) {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.target}`)).join(" | ") || true;
}

const page = await openPage();

await step("it opens under a strict policy", async () => {
  const answer = await page.goto(`${origin}/check`);
  const policy = answer.headers()["content-security-policy"];
  await page.waitForFunction(() => document.querySelector("#age").textContent.includes("取得:"));
  return (/^default-src 'none'; script-src 'self'; style-src 'self';/.test(policy) && !/unsafe|\*/.test(policy)) || policy;
});
await step("0 violations of axe, before", () => violations(page));
await page.screenshot({ path: `${folder}/start-ja.png` });

await step("the camera reads a QR code, and it is valid", async () => {
  await page.click("#camera");
  await page.waitForSelector("#verdict");
  if (await page.isVisible("#viewer")) return "the camera is still on";
  const text = await told(page);
  return ((await verdict(page)) === "有効です" && text.includes("見本　花子") && text.includes("写真と見比べて")) || text;
});
await step("0 violations of axe, with an answer", () => violations(page));
await step("the answer has the focus", () => page.evaluate(() => document.activeElement.id === "verdict"));
await page.screenshot({ path: `${folder}/valid-ja.png`, fullPage: true });

for (const kind of ["png", "svg"]) {
  await step(`a picture is read (${kind})`, async () => {
    await page.setInputFiles("#file", `${folder}/qr.${kind}`);
    await page.waitForSelector("#verdict");
    return (await verdict(page)) === "有効です" || told(page);
  });
}
await step("a picture without a QR code is none", async () => {
  await page.setInputFiles("#file", `${folder}/start-ja.png`);
  await page.waitForFunction(() => document.querySelector("#problem").textContent.includes("見つかりません"));
  return (await page.isHidden("#result")) || "an older answer is still there";
});
await step("a link opens the page, and leaves the address at once", async () => {
  await page.goto(`${origin}/check#${fragment("valid")}`);
  await page.waitForSelector("#verdict");
  return page.url() === `${origin}/check` || page.url();
});
await step("a suspended one is not valid", async () => {
  const word = await paste(page, links.suspended);
  return (word === "無効です" && (await told(page)).includes("停止しています")) || told(page);
});
await step("a revoked one is not valid", async () => {
  const word = await paste(page, links.revoked);
  return (word === "無効です" && (await told(page)).includes("失効しています")) || told(page);
});
await page.screenshot({ path: `${folder}/revoked-ja.png`, fullPage: true });
await step("what is no certificate is not valid", async () => (await paste(page, "https://example.com/")) === "無効です");

const english = await openPage({ locale: "en-GB", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 });
await step("it speaks English, on a telephone", async () => {
  await english.goto(`${origin}/check#${fragment("valid")}`);
  await english.waitForSelector("#verdict");
  const text = await told(english);
  return ((await verdict(english)) === "Valid" && text.includes("Compare with the photo ID") && text.includes("Full name")) || text;
});
await step("0 violations of axe, in English on a telephone", () => violations(english));
await english.screenshot({ path: `${folder}/valid-en-phone.png`, fullPage: true });
await step("nothing overflows a telephone", () => english.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
await step("one click changes the language, of the answer too", async () => {
  await english.click("#language");
  return (await verdict(english)) === "有効です";
});

await step("the browser judges every case as our own verifier does", async () => {
  const wrong = await page.evaluate(judgeAll, given);
  for (const { name, expected, came } of wrong) check(`check page: case ${name}`, false, `${came} instead of ${expected}`);
  check(`check page: ${given.cases.length} cases`, given.cases.length > 55);
  return wrong.length === 0 || `${wrong.length} differ`;
});

async function judgeAll({ list, cases }) {
  const [{ verify }, { Trust }, { refuse }] = await Promise.all(
    ["verify", "trust", "refusals"].map((name) => import(`/check/${name}.js`)),
  );
  const text = ({ state, reason, claims, asOf }) => JSON.stringify({ state, reason, claims, asOf });
  const wrong = [];
  for (const each of cases) {
    const source = {
      trust: () => Trust.read(each.trust),
      token: (name) => (list.endsWith(`/${name}`) && each.token !== null ? each.token : refuse("status_unreachable")),
    };
    const came = text(await verify(each.certificate, source, each.at));
    if (came !== text(each)) wrong.push({ name: each.name, expected: text(each), came });
  }
  return wrong;
}

async function refusedAfter(verb) {
  const page = await openPage();
  await page.goto(`${origin}/check`);
  await step(`what the office does (${verb}) is refused within 60 s`, async () => {
    if ((await paste(page, links[verb])) !== "有効です") return told(page);
    const since = performance.now();
    await fetch(`${upstream}/act/${verb}`, { method: "POST" });
    while ((await paste(page, links[verb])) === "有効です") {
      if (performance.now() - since > MINUTE_MS) return "still valid";
      await page.waitForTimeout(500);
    }
    console.log(`     ${verb}: refused by the page after ${((performance.now() - since) / 1000).toFixed(1)} s`);
    return (await verdict(page)) === "無効です" || told(page);
  });
  await page.context().close();
}
await Promise.all(["suspend", "revoke", "strike_off", "midnight"].map(refusedAfter));

const offline = await openPage();
await step("it opens without a network, and answers as of the lists that it kept", async () => {
  await offline.goto(`${origin}/check`);
  await offline.waitForFunction(() => navigator.serviceWorker.ready.then(() => document.querySelector("#age").textContent.includes("取得:")));
  isOnline = false;
  relay.cut();
  await offline.goto(`${origin}/check#${fragment("valid")}`);
  await offline.waitForSelector("#verdict");
  return ((await verdict(offline)) === "有効です" && (await told(offline)).includes("失効情報の時点")) || told(offline);
});
await step("without a network, revoked is revoked", async () => (await paste(offline, links.revoked)) === "無効です");
await offline.clock.install();
await step("lists kept for 5 hours still serve, and their age is told", async () => {
  await offline.clock.setFixedTime(Date.now() + 5 * HOUR_MS);
  return ((await paste(offline, links.valid)) === "有効です" && (await told(offline)).includes("5 時間前")) || told(offline);
});
await step("lists kept for 25 hours say nothing any more", async () => {
  await offline.clock.setFixedTime(Date.now() + 25 * HOUR_MS);
  const word = await paste(offline, links.valid);
  return (word === "確認できません" && (await told(offline)).includes("古すぎます")) || told(offline);
});
await step("0 violations of axe, without an answer", () => violations(offline));
await offline.screenshot({ path: `${folder}/stale-ja.png`, fullPage: true });
await step("a trust list kept for 8 days says nothing any more", async () => {
  await offline.clock.setFixedTime(Date.now() + 8 * 24 * HOUR_MS);
  const word = await paste(offline, links.valid);
  return (word === "確認できません" && (await told(offline)).includes("信頼リスト")) || told(offline);
});

check("check page: 0 external requests", outside.length === 0, outside.join(" "));
check("check page: 0 console errors", problems.length === 0, problems.join(" | "));
await browser.close();
