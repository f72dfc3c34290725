// Instants in tokens: seconds since 1970, judged with a skew of 60 s.
import { demand } from "./refusals.js";

const SKEW = 60;
const LATEST = 253402300799; // The last second of the year 9999.

export function instant(found, reason) {
  demand(typeof found === "number" && Math.abs(found) <= LATEST, reason);
  return found;
}

export function isFuture(seconds, at) {
  return seconds > at + SKEW;
}

export function isOver(seconds, at) {
  return seconds <= at - SKEW;
}
