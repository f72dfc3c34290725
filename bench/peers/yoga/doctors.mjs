// One doctor, and pages by key: a cursor is the register number of the last doctor.
import { DOCTOR, rows } from "./database.mjs";

const LARGEST_PAGE = 500;

export async function doctor(id) {
  const [found] = await rows("doctor", `${DOCTOR} where id = $1`, [id]);
  return found ?? null;
}

export async function doctors(prefecture, first, after) {
  const size = Math.min(first, LARGEST_PAGE);
  const position = after ? Buffer.from(after, "base64url").toString() : "";
  const found = await page(prefecture, position, size + 1);
  const nodes = found.slice(0, size);
  const last = nodes.at(-1);
  return {
    nodes,
    pageInfo: {
      hasNextPage: found.length > size,
      endCursor: last ? Buffer.from(last.numberKey).toString("base64url") : null,
    },
  };
}

function page(prefecture, position, size) {
  const order = "order by number_key limit";
  if (prefecture == null) return rows("doctors", `${DOCTOR} where number_key > $1 ${order} $2`, [position, size]);
  const text = `${DOCTOR} where prefecture_code = $1 and number_key > $2 ${order} $3`;
  return rows("doctors_of", text, [prefecture, position, size]);
}
