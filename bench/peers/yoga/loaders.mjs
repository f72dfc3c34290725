// What belongs to several doctors is read in one statement.
import DataLoader from "dataloader";
import { rows } from "./database.mjs";

const DISPOSITIONS = `
  select doctor_id as "doctorId", kind, order_number as "orderNumber", ordered_date as "orderedDate",
    start_date as "startDate", end_date as "endDate", lifted_date as "liftedDate", remarks
  from disposition where doctor_id = any($1) order by ordered_date`;
const PREFECTURES = "select code, name from prefecture where code = any($1)";

export function loaders() {
  return { dispositions: new DataLoader(dispositions), prefecture: new DataLoader(prefectures) };
}

async function dispositions(ids) {
  const found = new Map(ids.map((id) => [id, []]));
  for (const row of await rows("dispositions", DISPOSITIONS, [ids])) found.get(row.doctorId).push(row);
  return ids.map((id) => found.get(id));
}

async function prefectures(codes) {
  const found = new Map((await rows("prefectures", PREFECTURES, [codes])).map((row) => [row.code, row]));
  return codes.map((code) => found.get(code) ?? null);
}
