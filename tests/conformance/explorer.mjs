// node explorer.mjs ORIGIN CHROMIUM SCREENSHOT: the explorer in Chromium with the network cut off.
import { chromium } from "playwright-core";
import { check } from "./report.mjs";

const [origin, executablePath, screenshot] = process.argv.slice(2);
const PATIENCE_MS = 10000;
const UNFIT = new Set(["PARSE_FAILED", "VALIDATION_FAILED", "BAD_VARIABLES", "VARIABLES_REQUIRED", "INTERNAL", "TOO_COMPLEX"]);
const here = new URL(origin).hostname;

const browser = await chromium.launch({
  executablePath,
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${here}`,
  ],
});
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "ja" });
page.setDefaultTimeout(PATIENCE_MS);

const outside = [];
const problems = [];
page.on("request", (request) => {
  const { hostname, protocol } = new URL(request.url());
  if (hostname !== here && !["data:", "blob:"].includes(protocol)) outside.push(request.url());
});
page.on("pageerror", (error) => problems.push(error.message));
page.on("console", (message) => message.type() === "error" && problems.push(message.text()));

async function step(name, act) {
  try {
    const why = await act();
    return check(name, why === undefined || why === true, why);
  } catch (error) {
    return check(name, false, error.message);
  }
}

async function runExample(id) {
  await page.selectOption("#examples", id);
  await page.waitForTimeout(300);
  const answered = page.waitForResponse((response) => response.url().endsWith("/graphql"));
  await page.click(".graphiql-execute-button");
  return (await answered).json();
}

await step("explorer opens under a strict policy", async () => {
  const response = await page.goto(`${origin}/registry/explorer`, { waitUntil: "load" });
  const policy = response.headers()["content-security-policy"] ?? "";
  await page.waitForSelector(".graphiql-execute-button");
  return (/script-src 'self';/.test(policy) && !/unsafe/.test(policy)) || policy;
});
await step("explorer signs in by a click", async () => {
  await page.waitForSelector("#accounts button");
  await page.click("#accounts button");
  await page.waitForSelector("#who.in");
});
await step("explorer reads the schema", async () => {
  await page.click('[aria-label="Show Documentation Explorer"]');
  await page.waitForSelector(".graphiql-doc-explorer-root-type");
});

const examples = await page.$$eval("#examples option", (options) => options.map((o) => o.value).filter(Boolean));
await step("explorer has examples", async () => examples.length > 0);
for (const [index, id] of examples.entries()) {
  await step(`example ${id} fits the schema`, async () => {
    const answer = await runExample(id);
    const unfit = answer.errors?.find((error) => UNFIT.has(error.extensions?.code));
    if (unfit) return `${unfit.extensions.code}: ${unfit.message}`;
    if (index === 0 && (answer.errors || !answer.data)) return JSON.stringify(answer).slice(0, 200);
    await page.waitForFunction(() => document.querySelector(".result-window")?.innerText.includes('"data"'));
  });
  if (index === 0) await page.screenshot({ path: screenshot });
}
await step("explorer speaks English too", async () => {
  await page.click("#language");
  return (await page.textContent("#sign-out")) === "Sign out";
});
await step("explorer signs out", async () => {
  await page.click("#sign-out");
  await page.waitForSelector("#sign-in:not([hidden])");
  return (await page.evaluate(() => Object.keys(sessionStorage).every((key) => key.endsWith(".language")))) || "token kept";
});
check("explorer stores nothing for good", await page.evaluate(() => localStorage.length === 0));
check("explorer makes 0 external requests", outside.length === 0, outside.join(" "));
check("explorer logs 0 console errors", problems.length === 0, problems.join(" | "));
await browser.close();
