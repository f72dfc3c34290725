// Days and instants as people say them.

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Such as 2026年11月26日 9:30 (3 分前). */
export function instantText(seconds, at, language) {
  const format = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  return `${format.format(seconds * 1000)} (${agoText(at - seconds, language)})`;
}

/** The day in Japan, as certificates end at its midnight. */
export function dayText(seconds, language) {
  const last = seconds - 1; // What ends at a midnight is valid until the day before.
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "Asia/Tokyo" }).format(last * 1000);
}

/** A claim's text: days written out, codes by their label. */
export function valueText(value, language) {
  if (typeof value === "object" && value !== null) return (language === "en" && value.label_en) || value.label || value.code || "";
  if (typeof value !== "string" || !DAY.test(value)) return String(value ?? "");
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`));
}

function agoText(seconds, language) {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-Math.max(0, Math.floor(seconds / size)), unit);
}
