// The forms of all professions against the inputs of the SDL, and against what the server demands and refuses.
import {
  buildSchema, getNamedType, getNullableType, type GraphQLInputField, isEnumType, isInputObjectType, isListType,
  isNonNullType,
} from "graphql";
import { check } from "../report.mjs";
import { build, codeTables, type Field, type Form, KINDS, professions } from "./form.js";
import { today } from "./office.js";
import { ask, sdl } from "./server.js";

type Group = Form["groups"][number];
type UserError = { rule: string | null; path: string[] };

/** What an input takes that no person fills in. */
const PROTOCOL = ["idempotencyKey", "validateOnly"];
const schema = buildSchema(sdl);

const all = await professions();
const tables = await codeTables(all);
check("forms: ten professions", all.length === 10);
for (const { code, forms } of all) {
  const form = forms.find(({ verb }) => verb === "register");
  if (!check(`form ${code}: there is one`, form) || !form) continue;
  checkInput(code, form);
  checkPage(code, form);
  await checkDemands(code, form);
  await checkLimits(code, form);
}

/** The form covers the input of its mutation, no more and no less. */
function checkInput(code: string, form: Form) {
  const taken = inputFields(form.input);
  const named = getNamedType(schema.getMutationType()?.getFields()[form.mutation]?.args[0]?.type);
  check(`form ${code}: its mutation takes its input`, named?.name === form.input);
  same(`form ${code}: what its input takes`, [...names(form.fields), ...names(form.groups), ...PROTOCOL], Object.keys(taken));
  const fits = form.fields.every((f) => takes(f, taken[f.name]) && f.required === isNonNullType(taken[f.name]?.type));
  check(`form ${code}: fields of the act have their types`, fits);
  for (const group of form.groups) checkGroup(code, group, taken[group.name]);
}

function checkGroup(code: string, group: Group, field: GraphQLInputField | undefined) {
  const taken = field ? inputFields(getNamedType(field.type).name) : {};
  same(`form ${code}: ${group.name} has its items`, names(group.items), Object.keys(taken));
  const misfits = group.items.filter((item) => !takes(item, taken[item.name]));
  check(`form ${code}: ${group.name} items have their types`, misfits.length === 0, names(misfits).join());
  const list = field && isListType(getNullableType(field.type));
  check(`form ${code}: ${group.name} is a list where it says so`, list === (group.cardinality === "LIST") && list === (group.maxRows !== null));
}

/** Whether an input field takes what the kind hands in; a closed set of codes may be an enum, a code an id. */
function takes(field: Field, taken: GraphQLInputField | undefined): boolean {
  if (!taken) return false;
  const type = getNamedType(taken.type);
  if (isEnumType(type)) return names(type.getValues()).join() === field.options.map(({ code }) => code).join();
  const several = isListType(getNullableType(taken.type)) === (field.kind === "CODES");
  return several && (type.name === KINDS[field.kind][1] || (field.kind === "CODE" && type.name === "ID"));
}

/** The page as a person sees it. */
function checkPage(code: string, form: Form) {
  const page = build(form, tables);
  const numbers = form.groups.map(({ items }) => items.map(({ number }) => number));
  check(`form ${code}: groups stand in the order of the official list`, ascending(numbers.map(([first = 0]) => first)));
  check(`form ${code}: items stand in its order`, numbers.every(ascending));
  check(`form ${code}: every input is labelled in both languages`, page.every(({ labels }) => labels.every(Boolean)));
  const empty = page.filter(({ control, options }) => ["select", "several"].includes(control) && options.length === 0);
  check(`form ${code}: every list of codes can be chosen from`, empty.length === 0, empty.map(({ path }) => path).join());
  const texts = form.groups.flatMap(({ items }) => items).filter(({ kind }) => ["TEXT", "KANA", "INTEGER", "CODE"].includes(kind));
  check(`form ${code}: every text has a limit`, texts.length > 0 && texts.every(({ maxLength }) => maxLength));
}

/** An empty form is refused for exactly the items that are marked as required. */
async function checkDemands(code: string, form: Form) {
  const refused = (await validate(form, {})).filter(({ rule }) => rule === "item.required");
  const marked = form.groups.filter(({ required }) => required).flatMap((g) => g.items.filter((i) => i.required).map((i) => `${g.name}.${i.name}`));
  check(`form ${code}: items are marked as required`, marked.length > 0);
  same(`form ${code}: an empty form is refused for these`, marked, refused.map(({ path }) => path.join(".")));
}

/** Texts that are one character too long are refused, each at its place, and no other. */
async function checkLimits(code: string, form: Form) {
  const group = form.groups.find(({ required }) => required);
  const texts = group?.items.filter(({ kind }) => kind === "TEXT") ?? [];
  const tooLong = async (more: number) => {
    const values = Object.fromEntries(texts.map(({ name, maxLength }) => [name, "1".repeat((maxLength ?? 0) + more)]));
    const refused = await validate(form, { [group?.name ?? ""]: values });
    return refused.filter(({ rule }) => rule === "text.too_long").map(({ path }) => path[1] ?? "");
  };
  same(`form ${code}: one character more than maxLength is refused`, names(texts), await tooLong(1));
  same(`form ${code}: maxLength itself is taken`, [], await tooLong(0));
}

/** What the server says of values that are only to be checked. */
async function validate(form: Form, values: object): Promise<UserError[]> {
  const reason = tables["reasons"]?.[0]?.code;
  const legalBasis = form.fields.find(({ name }) => name === "legalBasis")?.options[0]?.code;
  const input = { idempotencyKey: crypto.randomUUID(), validateOnly: true, effectiveDate: today, reason, legalBasis, ...values };
  const text = `mutation Validate($input: ${form.input}!) { done: ${form.mutation}(input: $input) { userErrors { rule path } } }`;
  return (await ask<{ done: { userErrors: UserError[] } }>(text, { input })).done.userErrors;
}

function inputFields(name: string): Record<string, GraphQLInputField> {
  const type = schema.getType(name);
  return isInputObjectType(type) ? type.getFields() : {};
}

function names(named: readonly { name: string }[]): string[] {
  return named.map(({ name }) => name);
}

function same(name: string, told: string[], found: string[]) {
  const missing = found.filter((each) => !told.includes(each));
  const surplus = told.filter((each) => !found.includes(each));
  check(name, missing.length + surplus.length === 0, `not told: ${missing.join()}; not there: ${surplus.join()}`);
}

function ascending(numbers: number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
}
