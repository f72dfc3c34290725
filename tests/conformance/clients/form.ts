// A registration form, built from the `professions` query and the code tables that it names: nothing of it is written
// here for one profession.
import { print } from "graphql";
import { FormsDocument, type FormFieldFragment, type FormsQuery, type ItemKind } from "./__generated__/urql.js";
import { today } from "./office.js";
import { ask } from "./server.js";

export type Profession = FormsQuery["professions"][number];
export type Form = Profession["forms"][number];
export type Field = FormFieldFragment;
export type Option = { code: string; label: string | null };
export type Tables = Record<string, Option[]>;
type Control = "text" | "textarea" | "number" | "date" | "month" | "time" | "select" | "several" | "checkbox" | "file";

/** An input on the page: where its value goes, what stands beside it, what it takes. */
export type Input = {
  path: string;
  labels: [ja: string, en: string];
  control: Control;
  required: boolean;
  maxLength: number | null;
  options: Option[];
};

/** Kind -> the control that shows it, and the GraphQL type that takes its value. A new kind does not compile here. */
export const KINDS: Record<ItemKind, [Control, string]> = {
  TEXT: ["text", "String"],
  KANA: ["text", "String"],
  INTEGER: ["number", "Int"],
  DATE: ["date", "Date"],
  PARTIAL_DATE: ["text", "EDTF"],
  YEAR_MONTH: ["month", "YearMonth"],
  DATETIME: ["time", "DateTime"],
  ERA: ["select", "String"],
  ERA_DATE: ["text", "String"],
  ERA_MONTH: ["text", "String"],
  CODE: ["select", "String"],
  CODES: ["several", "String"],
  FLAG: ["checkbox", "Boolean"],
  PHONE: ["text", "String"],
  EMAIL: ["text", "String"],
  POSTAL_CODE: ["text", "String"],
  FILE: ["file", "FileInput"],
  PSEUDONYM: ["text", "String"],
  INDIVIDUAL_NUMBER: ["text", "String"],
  RESIDENT_CODE: ["text", "String"],
  INSTITUTION_CODE: ["text", "String"],
};

/** Every profession in the caller's scope. */
export async function professions(): Promise<Profession[]> {
  return (await ask<FormsQuery>(print(FormsDocument))).professions;
}

/** The rows that hold today of every code table that a form names, by one query that is composed of the names. */
export async function codeTables(all: Profession[]): Promise<Tables> {
  const fields = all.flatMap(({ forms }) => forms.flatMap((f) => [...f.fields, ...f.groups.flatMap(({ items }) => items)]));
  const names = new Set(fields.flatMap(({ codeTable }) => codeTable ?? []));
  const roots = [...names].map((name) => `${name}(on: $on) { ...Row }`).join(" ");
  return ask(`query CodeTables($on: Date!) { ${roots} } fragment Row on CodeTableRow { code label }`, { on: today });
}

/** The page: the fields of the act, then the groups in their order. */
export function build(form: Form, tables: Tables): Input[] {
  const act = form.fields.map((field) => input(field.name, field, tables));
  return [...act, ...form.groups.flatMap((g) => g.items.map((item) => input(`${g.name}.${item.name}`, item, tables)))];
}

function input(path: string, field: Field, tables: Tables): Input {
  const options = field.codeTable ? (tables[field.codeTable] ?? []) : field.options;
  const { label, labelEn, required, maxLength } = field;
  return { path, labels: [label, labelEn], control: control(field, options), required, maxLength, options };
}

function control(field: Field, options: Option[]): Control {
  const [usual] = KINDS[field.kind];
  if (field.multiline) return "textarea";
  return usual === "select" && field.open && options.length === 0 ? "text" : usual;
}
