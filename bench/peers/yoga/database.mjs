// One pool. Dates stay text; every statement is prepared under its name, once for each connection.
import pg from "pg";

const DATE = 1082;
pg.types.setTypeParser(DATE, (text) => text);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

export async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

const COLUMNS = `
  id, pseudonym, registration_number as "registrationNumber", registration_date as "registrationDate", state, version,
  family_name as "familyName", given_name as "givenName", family_name_kana as "familyNameKana",
  given_name_kana as "givenNameKana", birth_date as "birthDate", sex_code as "sexCode",
  domicile_code as "domicileCode", licence_type_code as "licenceTypeCode", alma_mater_code as "almaMaterCode",
  exam_number as "examNumber", national_exam_round as "nationalExamRound", national_exam_year as "nationalExamYear",
  national_exam_pass_date as "nationalExamPassDate", received_date as "receivedDate",
  prefecture_code as "prefectureCode", number_key as "numberKey"`;

export const DOCTOR = `select ${COLUMNS} from doctor`;
