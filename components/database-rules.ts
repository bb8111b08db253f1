/** What the arguments of a `Database` must fulfil; everything that is wrong is reported at once. */
import type { DatabaseArgs } from "./database-args";
import { LONGEST_ROLE_SUFFIX } from "./database-roles";
import { Problems } from "./problems";
import { checkRotation } from "./rotation";

/** Every database has it. */
export const DEFAULT_SCHEMAS = ["public"];
/** PostgreSQL cuts longer identifiers off without an error. */
const LONGEST_IDENTIFIER = 63;
const SERVER_DATABASES = ["postgres", "template0", "template1"];

export function validateDatabase(name: string, args: DatabaseArgs): void {
  const problems = new Problems(`Database ${name}`);
  checkNames(problems, args);
  problems.hostName("host", args.host);
  problems.port("writePort", args.writePort);
  problems.port("readPort", args.readPort);
  problems.require(
    args.writePort !== args.readPort,
    "readPort",
    args.readPort,
    "another port than writePort",
    "give the port that HAProxy leads to the replicas",
  );
  checkLimits(problems, args);
  checkRotation(problems, "rotation", args.rotation);
  problems.throwIfAny();
}

function checkNames(problems: Problems, args: DatabaseArgs): void {
  const { databaseName, schemas = DEFAULT_SCHEMAS, extensions = [], locale } = args;
  const longest = LONGEST_IDENTIFIER - LONGEST_ROLE_SUFFIX;
  problems.require(
    isIdentifier(databaseName) && databaseName.length <= longest,
    "databaseName",
    databaseName,
    `1 to ${longest} lower-case letters, digits and underscores, beginning with a letter and not with pg_`,
    "rename it: quoting would be needed everywhere, and its roles' names must fit into 63 bytes",
  );
  problems.require(
    !SERVER_DATABASES.includes(databaseName),
    "databaseName",
    databaseName,
    "a database of the environment's own",
    "choose another name: this one belongs to the server",
  );
  problems.require(
    schemas.length > 0,
    "schemas",
    schemas,
    "at least one schema",
    "give one, or leave it out",
  );
  checkList(
    problems,
    "schemas",
    schemas,
    isIdentifier,
    "lower-case letters, digits and underscores, not pg_…",
  );
  const isExtension = (extension: string): boolean => /^[a-z][a-z0-9_-]*$/.test(extension);
  const extensionForm = "lower-case letters, digits, underscores and hyphens";
  checkList(problems, "extensions", extensions, isExtension, extensionForm);
  problems.require(
    locale === undefined || (/^[A-Za-z][A-Za-z0-9_.@-]*$/.test(locale) && locale !== "DEFAULT"),
    "locale",
    locale,
    "a locale as the server lists it, such as C.UTF-8",
    "run `locale -a` on the server and take its spelling",
  );
}

function checkList(
  problems: Problems,
  property: string,
  items: string[],
  holds: (item: string) => boolean,
  form: string,
): void {
  items.forEach((item, i) => {
    const at = `${property}[${i}]`;
    problems.require(holds(item) && item.length <= LONGEST_IDENTIFIER, at, item, form, "rename it");
    problems.require(items.indexOf(item) === i, at, item, "listed once", "remove the repetition");
  });
}

function checkLimits(
  problems: Problems,
  { connectionLimits, passwordGenerations, timeouts }: DatabaseArgs,
): void {
  const { database, application, migration, reader } = connectionLimits;
  for (const [key, limit] of Object.entries(connectionLimits)) {
    problems.wholeNumber(`connectionLimits.${key}`, limit, 1);
  }
  problems.require(
    !(application + migration + reader > database),
    "connectionLimits.database",
    database,
    `at least ${application + migration + reader}, what application, migration and reader may take together`,
    "raise it, or lower the others: otherwise the application can lock a migration out",
  );
  for (const [key, generation] of Object.entries(passwordGenerations ?? {})) {
    problems.wholeNumber(`passwordGenerations.${key}`, generation, 1);
  }
  for (const [key, milliseconds] of Object.entries(timeouts ?? {})) {
    problems.wholeNumber(`timeouts.${key}`, milliseconds, 1);
  }
}

function isIdentifier(text: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(text) && !text.startsWith("pg_");
}
