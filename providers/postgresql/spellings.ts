/** Encodings and locales in one spelling each, so that another spelling of the same is no reason to replace. */
import type { PropertyValue } from "../../engine/provider/values";
import { chosenByServer } from "./names";

/** Aliases of encodings, without punctuation and case. Source: PostgreSQL, src/common/encnames.c. */
const ENCODINGS: Readonly<Record<string, string>> = {
  ALT: "WIN866",
  ISO88591: "LATIN1",
  ISO885910: "LATIN6",
  ISO885913: "LATIN7",
  ISO885914: "LATIN8",
  ISO885915: "LATIN9",
  ISO885916: "LATIN10",
  ISO88592: "LATIN2",
  ISO88593: "LATIN3",
  ISO88594: "LATIN4",
  ISO88599: "LATIN5",
  KOI8: "KOI8R",
  MSKANJI: "SJIS",
  SHIFTJIS: "SJIS",
  TCVN: "WIN1258",
  TCVN5712: "WIN1258",
  UNICODE: "UTF8",
  VSCII: "WIN1258",
  WIN: "WIN1251",
  WIN932: "SJIS",
  WIN936: "GBK",
  WIN949: "UHC",
  WIN950: "BIG5",
  ABC: "WIN1258",
};

/** `utf-8` is `UTF8`. Null when the server chooses. */
export function encoding(value: PropertyValue): PropertyValue {
  const given = chosenByServer(value);
  if (typeof given !== "string") return given;
  const name = given
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, "")
    .replace(/^WINDOWS/, "WIN");
  return ENCODINGS[name] ?? name;
}

/** `en_US.utf8` is `en_US.UTF-8`, and `POSIX` is `C`. Null when the server chooses. */
export function locale(value: PropertyValue): PropertyValue {
  const given = chosenByServer(value);
  if (typeof given !== "string") return given;
  if (given === "POSIX") return "C";
  const [, name = given, charset, variant = ""] = /^([^.@]+)\.([^@]+)(@.*)?$/.exec(given) ?? [];
  return charset === undefined ? given : `${name}.${encoding(charset)}${variant}`;
}
