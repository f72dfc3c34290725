// The answer: one word that is seen from afar, the reason, and what stands in the certificate.
import { dayText, instantText, valueText } from "./ages.js";
import { reasonText, TEXTS, VERDICTS } from "./texts.js";

const SIGNS = { valid: "✓", invalid: "✕", unknown: "?" };
const KIND_OF = { VALID: "valid", STATUS_UNAVAILABLE: "unknown" };

/** Fill a section with an outcome. `labels` are those of the certificate types, in Japanese and English. */
export function showResult(section, outcome, labels, language) {
  const kind = KIND_OF[outcome.state] ?? "invalid";
  const pick = (texts) => texts[language === "ja" ? 0 : 1];
  section.className = `result ${kind}`;
  const sentences = [kind === "valid" ? TEXTS.photo : reasonText(outcome.reason)];
  if (kind === "unknown") sentences.push(TEXTS.unchecked);
  section.replaceChildren(
    element("h2", { id: "verdict", tabIndex: -1 }, mark(kind), pick(VERDICTS[kind])),
    ...sentences.map((each) => element("p", { className: "reason" }, pick(each))),
    details(rowsOf(outcome, labels[outcome.type] ?? {}, pick, language)),
  );
}

const mark = (kind) => {
  const sign = element("span", { className: "mark" }, SIGNS[kind]);
  sign.setAttribute("aria-hidden", "true");
  return sign;
};

function rowsOf({ claims, type, iss, expiresAt, asOf, at }, known, pick, language) {
  const named = Object.entries(claims).map(([name, value]) => [known.claims?.[name] ?? [name, name], value]);
  const rows = named.map(([label, value]) => [pick(label), valueText(value, language)]);
  if (known.name) rows.unshift([pick(TEXTS.profession), pick(known.name)]);
  if (expiresAt) rows.push([pick(TEXTS.until), dayText(expiresAt, language)]);
  if (asOf) rows.push([pick(TEXTS.asOf), instantText(asOf, at, language)]);
  if (iss) rows.push([pick(TEXTS.issuer), iss], [pick(TEXTS.type), type]);
  return rows;
}

function details(rows) {
  if (!rows.length) return "";
  const pairs = rows.flatMap(([label, value]) => [element("dt", {}, label), element("dd", {}, value)]);
  return element("dl", {}, ...pairs);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
