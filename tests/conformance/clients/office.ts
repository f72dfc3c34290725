// What the staff of this test do: a correction of a doctor's family name that holds from today, Japan's day.
import type { CorrectDoctorLicenceInput } from "./__generated__/urql.js";

export const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format();

/** The correction as every client sends it. */
export function renamed(id: string, version: number, familyName: string) {
  return {
    idempotencyKey: crypto.randomUUID(),
    licenceId: id,
    expectedVersion: version,
    effectiveDate: today,
    reason: "201",
    legalBasis: "correct",
    register: { familyName },
  } satisfies CorrectDoctorLicenceInput;
}
