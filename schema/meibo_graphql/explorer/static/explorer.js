// The frame around GraphiQL: sign-in, examples, language. No values are kept beyond this tab.
"use strict";

(() => {
  const { GraphiQL, createElement, createRoot, setNonce, useEditorContext } = window.meiboGraphiQL;
  const { surface, demo } = document.body.dataset;
  const $ = (id) => document.getElementById(id);
  setNonce(document.currentScript.nonce);

  const TEXTS = {
    ja: {
      examples: "例", pickExample: "例を開く…", signIn: "サインイン", signOut: "サインアウト", close: "閉じる",
      demo: "デモ用のアカウントを選んでください。データはすべて架空のものです。",
      token: "または、アクセストークンを貼り付けてください", useToken: "使う",
      nobody: "未サインイン", withToken: "トークンでサインイン中", other: "English",
      failed: "サインインできませんでした。もう一度お試しください。", first: "先にサインインしてください。",
      unreachable: "サーバーに接続できません。",
      surfaces: { registry: "登録簿", portal: "ポータル", verify: "照会" },
    },
    en: {
      examples: "Examples", pickExample: "Open an example…", signIn: "Sign in", signOut: "Sign out", close: "Close",
      demo: "Choose a demo account. All data is made up.",
      token: "Or paste an access token", useToken: "Use it",
      nobody: "Not signed in", withToken: "Signed in with a token", other: "日本語",
      failed: "That did not work. Try again.", first: "Sign in first.",
      unreachable: "The server cannot be reached.",
      surfaces: { registry: "registry", portal: "portal", verify: "verify" },
    },
  };

  const START = "# 上の「例」から選ぶか、ここに書いてください。\n# Open an example above, or write here.\n\n";

  // A token and the choice of language outlive a reload of this tab, nothing else does.
  const kept = {
    get: (key) => sessionStorage.getItem(`meibo.${surface}.${key}`),
    set: (key, value) =>
      value ? sessionStorage.setItem(`meibo.${surface}.${key}`, value) : sessionStorage.removeItem(`meibo.${surface}.${key}`),
  };
  const state = {
    language: kept.get("language") ?? (navigator.language.startsWith("ja") ? "ja" : "en"),
    token: kept.get("token"),
    name: JSON.parse(kept.get("name") ?? "null"),
    accounts: [],
    examples: [],
  };
  const text = () => TEXTS[state.language];

  // GraphiQL remembers queries, variables and history in a Storage: ours forgets with the page.
  const memory = new Map();
  const storage = {
    getItem: (key) => memory.get(key) ?? null,
    setItem: (key, value) => memory.set(key, value),
    removeItem: (key) => memory.delete(key),
    clear: () => memory.clear(),
    get length() { return memory.size; },
  };

  async function ask(body) {
    const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json, application/json;q=0.9" };
    if (!state.token) return { errors: [{ message: text().first }] };
    headers.Authorization = `Bearer ${state.token}`;
    try {
      const answer = await fetch("graphql", { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" });
      return await answer.json();
    } catch {
      return { errors: [{ message: text().unreachable }] };
    }
  }

  // An empty component whose only work is to hand GraphiQL's editor to the bar above it.
  let editor = null;
  function EditorHandle() {
    editor = useEditorContext({ nonNull: true });
    return null;
  }

  const isUntouched = (query) => !query.replace(/^#.*$/gm, "").trim();

  function openExample(example) {
    const variables = Object.keys(example.variables).length ? JSON.stringify(example.variables, null, 2) : "";
    if (!isUntouched(editor.queryEditor.getValue())) editor.addTab();
    // The new tab's editors are filled after React has shown it.
    setTimeout(() => {
      editor.queryEditor.setValue(example.query);
      editor.variableEditor.setValue(variables);
    });
  }

  const root = createRoot($("graphiql"));
  function drawGraphiQL() {
    // A fetcher of its own for every token, so that GraphiQL reads the schema again; without one it reads none.
    const fetcher = (body) => ask(body);
    const schema = state.token ? undefined : null;
    root.render(
      createElement(
        GraphiQL,
        {
          key: state.token ?? "nobody", fetcher, schema, storage, toolbar: { additionalComponent: EditorHandle },
          forcedTheme: "light", defaultQuery: START, defaultEditorToolsVisibility: "variables", isHeadersEditorEnabled: false,
          showPersistHeadersSettings: false, shouldPersistHeaders: false,
        },
      ),
    );
  }

  function draw() {
    const words = text();
    document.documentElement.lang = state.language;
    document.title = `名簿 meibo – ${words.surfaces[surface] ?? surface}`;
    $("surface").textContent = words.surfaces[surface] ?? surface;
    for (const element of document.querySelectorAll("[data-text]")) element.textContent = words[element.dataset.text];
    $("language").textContent = words.other;
    $("language").lang = state.language === "ja" ? "en" : "ja";
    $("who").textContent = state.token ? (state.name?.[state.language] ?? words.withToken) : words.nobody;
    $("who").classList.toggle("in", Boolean(state.token));
    $("sign-in").hidden = Boolean(state.token);
    $("sign-out").hidden = !state.token;
    drawExamples(words);
    drawAccounts();
  }

  function drawExamples(words) {
    const first = new Option(words.pickExample, "");
    const rest = state.examples.map((example) => new Option(example.title[state.language], example.id));
    $("examples").replaceChildren(first, ...rest);
    $("examples").hidden = !rest.length;
  }

  function drawAccounts() {
    $("demo").hidden = !state.accounts.length;
    $("accounts").replaceChildren(
      ...state.accounts.map((account) => {
        const [item, button, name, description] = ["li", "button", "strong", "span"].map((tag) => document.createElement(tag));
        button.type = "button";
        button.dataset.account = account.account;
        name.textContent = account.name[state.language];
        description.textContent = account.description[state.language];
        button.append(name, description);
        button.addEventListener("click", () => signInAs(account));
        item.append(button);
        return item;
      }),
    );
  }

  function signIn(token, name) {
    state.token = token;
    state.name = name;
    kept.set("token", token);
    kept.set("name", name && JSON.stringify(name));
    // What one caller saw is not left open for the next.
    memory.clear();
    $("problem").textContent = "";
    $("token").value = "";
    $("panel").close();
    draw();
    drawGraphiQL();
  }

  async function signInAs(account) {
    try {
      const answer = await fetch("demo/sign-in", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ account: account.account }),
        credentials: "omit",
      });
      if (!answer.ok) throw new Error();
      signIn((await answer.json()).token, account.name);
    } catch {
      $("problem").textContent = text().failed;
    }
  }

  async function read(address) {
    const answer = await fetch(address, { credentials: "omit" });
    return answer.ok ? answer.json() : [];
  }

  $("language").addEventListener("click", () => {
    state.language = state.language === "ja" ? "en" : "ja";
    kept.set("language", state.language);
    draw();
  });
  $("sign-in").addEventListener("click", () => $("panel").showModal());
  $("sign-out").addEventListener("click", () => signIn(null, null));
  $("close").addEventListener("click", () => $("panel").close());
  $("use-token").addEventListener("click", () => {
    const token = $("token").value.trim();
    if (token) signIn(token, null);
  });
  $("token").addEventListener("keydown", (event) => event.key === "Enter" && $("use-token").click());
  $("examples").addEventListener("change", (event) => {
    const example = state.examples.find(({ id }) => id === event.target.value);
    event.target.value = "";
    if (example) openExample(example);
  });

  draw();
  drawGraphiQL();
  read("explorer/examples.json").then((examples) => { state.examples = examples; draw(); });
  if (demo === "true") {
    read("demo/accounts").then((accounts) => {
      state.accounts = accounts;
      draw();
      if (accounts.length && !state.token) $("panel").showModal();
    });
  }
})();
