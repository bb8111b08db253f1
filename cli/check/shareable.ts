/** Texts among secrets that two environments may well have in common, and the passwords in other texts. */
import { isHarmless } from "../../policies/secret-forms/harmless-values";
import { secretsIn } from "../../policies/secret-forms/search";
import { meaningOf, wordsOf } from "../../policies/secret-forms/setting-names";

/** Last words of names whose values are chosen, not issued: who, where, which and how. */
const CHOSEN =
  /^(?:PGUSER|USER|USERS|USERNAME|LOGIN|ROLE|OWNER|EMAIL|MAIL|FROM|SENDER|TO|RECIPIENT|RECIPIENTS|DOMAIN|ORIGIN|ORIGINS|DATABASE|PGDATABASE|DBNAME|DB|SCHEMA|PGHOST|SERVER|ENDPOINT|ENV|ENVIRONMENT|MODE|LEVEL|PROVIDER|PROTOCOL|ALGORITHM|ALG|LOCALE|LANG|TIMEZONE|TZ|FEATURE|FEATURES|FLAG|FLAGS|ENABLED|PREFIX|SUFFIX|LABEL|TITLE|DESCRIPTION|COMMENT|METADATA|TYPE|KIND)$/;

/** Whether it tells nobody anything: by its name, or because it is made to be public. */
export function isShareable(text: string, name: string): boolean {
  const meaning = meaningOf(name);
  if (meaning === "secret" || meaning === "vault") return isPublic(text);
  const last = wordsOf(name).at(-1) ?? "";
  if (meaning === "public" || last === "ID") return !/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
  if (meaning === "plain" && !CHOSEN.test(last)) return isPublic(text);
  return secretsIn(text, { formsOnly: true }).length === 0;
}

function isPublic(text: string): boolean {
  if (isHarmless(text)) return true;
  const bare = text.replace(/\s+/g, "");
  if (!/^[\w+/-]{12,}={0,2}$/.test(bare)) return false;
  return isHarmless(Buffer.from(bare, "base64").toString("utf8"));
}

/** Up to the last `@` before the host: passwords are often not escaped. */
const USER_INFORMATION = /\b[a-z][a-z0-9+.-]{1,30}:\/\/[^/?#@:\s"'`<>]*:([^\s"'`<>]+)@[^\s@]/gi;

/** The passwords of the URLs in a text, as whoever logs in has to give them. */
export function passwordsIn(text: string): string[] {
  if (!text.includes("://")) return [];
  return [...text.matchAll(USER_INFORMATION)].flatMap(([, password = ""]) => {
    // `http://host:8080/a@b`: a port and a path.
    if (/^\d{1,5}[/?#]/.test(password)) return [];
    return [decoded(password)];
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
