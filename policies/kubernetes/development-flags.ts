/** Switches made for development and tests, with what they do to whoever depends on the program. */
import { wordsOf } from "../secret-forms/setting-names";

/** Where a switch must not be on. */
export type Forbidden = "production" | "everywhere";

export interface DevelopmentFlag {
  /** Names of settings, in upper case with underscores. */
  readonly name: RegExp;
  /** Values with which it is on. */
  readonly isOn: (value: string) => boolean;
  readonly forbidden: Forbidden;
  /** What it does when it is on: a clause that follows the setting's name. */
  readonly does: string;
}

/** Any value but those that switch off. */
const set = (value: string): boolean =>
  !/^(?:|0|false|no?|off|f|disabled?|none|null|undefined)$/i.test(value);
const unset = (value: string): boolean => /^(?:0|false|no?|off|f|disabled?|none|never|allow)$/i.test(value);
const isDevelopment = (value: string): boolean =>
  /^(?:dev|devel|develop|development|debug|test|testing|local|staging)$/i.test(value);

export const developmentFlags: readonly DevelopmentFlag[] = [
  {
    name: /(?:^|_)FORCE_FAIL(?:URE)?$/,
    isOn: set,
    forbidden: "production",
    does: "makes every mail skip SMTP to try the fallback out",
  },
  {
    name: /^NODE_ENV$/,
    isOn: (value) => value !== "production",
    forbidden: "production",
    does: "must be production: other values show stack traces to callers and leave out caches and checks",
  },
  {
    name: /^(?:APP|RAILS|RACK|FLASK|DJANGO|GO|MIX|SYMFONY|LARAVEL)_ENV$|^ASPNETCORE_ENVIRONMENT$|^ENVIRONMENT$/,
    isOn: isDevelopment,
    forbidden: "production",
    does: "runs the program as in development",
  },
  {
    name: /^DEBUG$|_DEBUG$|_DEBUG_(?:MODE|ENABLED)$|^DEBUG_(?:MODE|ENABLED)$/,
    isOn: set,
    forbidden: "production",
    does: "writes what programs handle, customers' data and headers among it, into logs",
  },
  {
    name: /^NODE_TLS_REJECT_UNAUTHORIZED$|_(?:TLS|SSL)_REJECT_UNAUTHORIZED$|^PYTHONHTTPSVERIFY$/,
    isOn: unset,
    forbidden: "everywhere",
    does: "accepts any certificate, so that whoever is in between reads and changes what is sent",
  },
  {
    name: /(?:^|_)(?:VAULT_SKIP_VERIFY|GIT_SSL_NO_VERIFY|(?:TLS|SSL)_(?:SKIP_VERIFY|INSECURE)|SKIP_(?:TLS|SSL)_VERIF(?:Y|ICATION)|INSECURE_SKIP_VERIFY)$/,
    isOn: set,
    forbidden: "everywhere",
    does: "accepts any certificate, so that whoever is in between reads and changes what is sent",
  },
  {
    name: /(?:^|_)(?:(?:SKIP|DISABLE|BYPASS|NO|WITHOUT)_(?:\w+_)?(?:AUTH|AUTHENTICATION|AUTHORIZATION|LOGIN|CSRF|PERMISSIONS?|ACL|RATE_LIMIT(?:S|ING)?|SIGNATURE(?:_VERIFICATION|_CHECK)?)|(?:AUTH|AUTHENTICATION|AUTHORIZATION|CSRF|RATE_LIMIT(?:S|ING)?)_(?:DISABLED|SKIP|BYPASS|OFF))$/,
    isOn: set,
    forbidden: "production",
    does: "lets callers in without the check that is switched off",
  },
  {
    name: /(?:^|_)ALLOW_(?:\w+_)?(?:INSECURE|UNSAFE|ANONYMOUS|UNAUTHENTICATED|UNVERIFIED|DEV|DEVELOPMENT|DEBUG|TEST|FAKE|MOCK|ANY_ORIGIN|ALL_ORIGINS|SELF_SIGNED|IMPERSONATION)(?:_\w+)?$/,
    isOn: set,
    forbidden: "production",
    does: "allows what is meant for development",
  },
  {
    name: /(?:^|_)(?:(?:USE|ENABLE)_)?(?:MOCKS?|FAKES?|STUBS?)(?:_(?:DATA|API|MAIL|SMTP|AUTH|STRIPE|PAYMENTS?|SERVER|MODE|ENABLED))?$/,
    isOn: set,
    forbidden: "production",
    does: "answers with made-up data",
  },
  {
    name: /(?:^|_)(?:DEV|DEVELOPMENT|TEST)_(?:MODE|LOGIN|USER|AUTH)(?:_ENABLED)?$/,
    isOn: set,
    forbidden: "production",
    does: "is for development and tests",
  },
];

export interface DevelopmentCommand {
  readonly pattern: RegExp;
  readonly forbidden: Forbidden;
  readonly does: string;
}

/** Options and commands; of options that NODE_OPTIONS takes, too. */
export const developmentCommands: readonly DevelopmentCommand[] = [
  {
    pattern: /(?:^|[\s"'=])--inspect(?:-brk|-port|-wait)?(?:[\s"'=]|$)|(?:^|\s)--debug(?:-brk)?(?:=\d|\s|$)/,
    forbidden: "production",
    does: "opens a debugger: whoever reaches the port runs code in the program",
  },
  {
    pattern: /-agentlib:jdwp|-Xrunjdwp/,
    forbidden: "production",
    does: "opens a debugger: whoever reaches the port runs code in the program",
  },
  {
    pattern:
      /(?:^|[\s/])(?:next|nuxt|vite|astro|remix|gatsby)\s+dev(?:\s|$)|(?:^|[\s/])(?:npm|pnpm|yarn|bun)(?:\s+run)?\s+(?:dev|start:dev|develop)(?:\s|$)/,
    forbidden: "production",
    does: "starts the server of development, which builds on request and shows source code",
  },
  {
    pattern:
      /(?:^|[\s/])(?:nodemon|ts-node-dev)(?:\s|$)|(?:^|[\s/])(?:tsx|node)\s+(?:--)?watch(?:\s|$)|(?:^|\s)--reload(?:\s|$)/,
    forbidden: "production",
    does: "restarts the program whenever a file changes",
  },
  {
    pattern: /(?:^|[\s/])(?:vault|bao)\s+server\s+(?:\S+\s+){0,20}-dev(?:[\s=-]|$)/,
    forbidden: "production",
    does: "starts Vault unsealed, in memory, with a root token that is known",
  },
];

/** The flag that a setting's name belongs to. */
export function flagOf(name: string): DevelopmentFlag | undefined {
  const spelled = wordsOf(name).join("_");
  return developmentFlags.find((flag) => flag.name.test(spelled));
}

/** Whether a setting holds options for a program that takes them from its environment. */
export function holdsOptions(name: string): boolean {
  return /(?:^|_)(?:NODE_OPTIONS|JAVA_TOOL_OPTIONS|JAVA_OPTS|JDK_JAVA_OPTIONS)$/.test(
    wordsOf(name).join("_"),
  );
}
