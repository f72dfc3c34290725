// The check page: takes a certificate from a link, the camera or a picture, and shows the answer.
import { instantText } from "./ages.js";
import { Camera } from "./camera.js";
import { readFile } from "./pictures.js";
import { showResult } from "./result.js";
import { Store } from "./store.js";
import { TEXTS } from "./texts.js";
import { verify } from "./verify.js";

const $ = (id) => document.getElementById(id);
const LANGUAGES = ["ja", "en"];
const REFRESH_MS = 60_000;

const store = new Store(new URL("../", import.meta.url));
const camera = new Camera($("video"));
const labels = fetch(new URL("labels.json", import.meta.url)).then((answer) => answer.json()).catch(() => ({}));
const now = () => Date.now() / 1000;
let language = navigator.language.startsWith("ja") ? "ja" : "en";
let shown = null;

const say = (name) => TEXTS[name][LANGUAGES.indexOf(language)];

async function speak(wanted) {
  language = wanted;
  document.documentElement.lang = language;
  document.title = say("title");
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = say(each.dataset.text);
  $("language").lang = language === "ja" ? "en" : "ja";
  if (shown) showResult($("result"), shown, await labels, language);
  await tellAge();
}

async function check(text) {
  stopCamera();
  $("problem").textContent = say("working");
  shown = { ...(await verify(text.trim(), store)), at: now() };
  $("problem").textContent = "";
  showResult($("result"), shown, await labels, language);
  showAnswer(true);
  $("verdict").focus();
  await tellAge();
}

function showAnswer(isThere) {
  $("result").hidden = !isThere;
  $("intro").hidden = isThere;
}

/** Do what a button asks for; what goes wrong is said, never thrown. */
const doing = (act) => async (event) => {
  event?.preventDefault();
  try {
    await act(event);
  } catch {
    $("problem").textContent = say("failed");
  }
};

async function useCamera() {
  forget();
  $("viewer").hidden = false;
  $("camera").hidden = true;
  const text = await camera.read().catch(() => {
    $("problem").textContent = say("noCamera");
  });
  stopCamera();
  if (text) await check(text);
}

function stopCamera() {
  camera.stop();
  $("viewer").hidden = true;
  $("camera").hidden = false;
}

async function usePicture({ target }) {
  const [file] = target.files;
  target.value = "";
  if (!file) return;
  forget();
  const text = await readFile(file);
  if (text) await check(text);
  else $("problem").textContent = say("noCode");
}

async function useLink() {
  const text = $("link").value;
  forget();
  if (text.trim()) await check(text);
  else $("problem").textContent = say("empty");
}

/** A certificate in the page's own address: checked, and taken out of the address, so that no history keeps it. */
async function useAddress() {
  const { hash, pathname } = window.location;
  if (hash.length < 2) return;
  window.history.replaceState(null, "", pathname);
  await check(hash);
}

function forget() {
  shown = null;
  showAnswer(false);
  $("result").replaceChildren();
  $("problem").textContent = "";
  $("link").value = "";
}

async function tellAge() {
  const oldest = await store.oldest();
  const age = oldest === null ? say("none") : `${say("kept")}: ${instantText(oldest, now(), language)}`;
  $("age").textContent = navigator.onLine ? age : `${say("offline")} ${age}`;
}

const refresh = doing(async () => {
  await store.refresh(now());
  await tellAge();
});

$("camera").addEventListener("click", doing(useCamera));
$("stop").addEventListener("click", stopCamera);
$("file").addEventListener("change", doing(usePicture));
$("paste").addEventListener("submit", doing(useLink));
$("language").addEventListener("click", doing(() => speak(language === "ja" ? "en" : "ja")));
window.addEventListener("hashchange", doing(useAddress));
window.addEventListener("online", refresh);
window.addEventListener("offline", doing(tellAge));
setInterval(refresh, REFRESH_MS);

await speak(language);
await doing(useAddress)();
await refresh();
const scope = { scope: new URL("../check", import.meta.url).pathname };
await navigator.serviceWorker?.register(new URL("worker.js", import.meta.url), scope);
