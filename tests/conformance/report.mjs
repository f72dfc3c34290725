// One line for each check, as run.py counts them: "ok   name" or "FAIL name :: why".
export function check(name, passed, why = "") {
  const detail = String(why).replace(/\s+/g, " ").slice(0, 300);
  console.log(`${passed ? "ok  " : "FAIL"} ${name}${!passed && detail ? ` :: ${detail}` : ""}`);
  return Boolean(passed);
}
