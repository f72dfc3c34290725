// The server that the clients speak to: where it is, who asks, what it publishes of its schema.
import { readFileSync } from "node:fs";

export const [url = "", token = ""] = process.argv.slice(2);
export const headers = { authorization: `Bearer ${token}` };

const published = (name: string) => readFileSync(new URL(`../../../../../schema/${name}`, import.meta.url), "utf-8");
export const sdl = published("registry.graphql");
export const possibleTypes: Record<string, string[]> = JSON.parse(published("registry.possibleTypes.json"));

/** What a client without a library sends; throws where the answer has errors. */
export async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
  const body = JSON.stringify({ query, variables });
  const answer = await fetch(url, { method: "POST", headers: { ...headers, "content-type": "application/json" }, body });
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown };
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}
