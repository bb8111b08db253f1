/**
 * The worker that sends KeyBuzz's mail: by SMTP first, by SES where SMTP fails. It runs once and never twice
 * at a time, since two would send the same mail twice. Switching SMTP off to test the fallback cannot reach
 * production.
 *
 * Whether SMTP can be reached says whether the worker is ready, never whether it lives: restarting it would
 * not mend the relay, and would stop the fallback just when it is needed. Nothing sends requests to the
 * worker, so a pod that is not ready works on; the state is a signal, to people and to a roll-out.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Environment, EnvironmentSource, NamespaceHandle } from "./handles";
import type { Image } from "./image";
import { Problems } from "./problems";
import type { Resources } from "./quantities";
import type { VaultLoginArgs } from "./vault-login";
import { Workload } from "./workload";
import type { WorkloadArgs } from "./workload-args";
import { checkWorkload } from "./workload-checks";

/** How mail is handed over by SMTP. */
export interface SmtpSettings {
  /**
   * `relay`: to a relay that trusts the address, without login or TLS, inside the private network alone.
   * `submission`: with login, and TLS required before it.
   */
  readonly mode: "relay" | "submission";
  /** Address or host name of the server. */
  readonly host: string;
  /** 25 for a relay, 587 for submission; 465 is TLS from the first byte. */
  readonly port: number;
  /** Connections that stay open and are used again. */
  readonly pool: {
    readonly maxConnections: number;
    /** Messages after which a connection is replaced. */
    readonly maxMessagesPerConnection: number;
  };
  /** At most `messages` in any `perSeconds` seconds, over all connections. */
  readonly rateLimit: { readonly messages: number; readonly perSeconds: number };
  /** Waiting times double from `initialDelayMs` to at most `maxDelayMs`, in milliseconds. */
  readonly retries: {
    /** Attempts by SMTP before the fallback is used, the first one included. */
    readonly attempts: number;
    readonly initialDelayMs: number;
    readonly maxDelayMs: number;
  };
  /** Treats every SMTP attempt as failed, to test the fallback. Refused in production. @default false */
  readonly forceFail?: boolean | undefined;
}

/** Who sends what SMTP could not. */
export interface FallbackSettings {
  readonly provider: "ses" | "none";
  /** Off until the identity is verified and the account out of the SES sandbox. */
  readonly enabled: boolean;
}

export interface OutboundWorkerArgs {
  readonly environment: Environment;
  /** The namespace it runs in: the API's, whose database it works on. Changing it replaces everything. */
  readonly namespace: NamespaceHandle;
  /** Physical name of its objects. Changing it replaces everything. @default "keybuzz-outbound-worker" */
  readonly name?: string | undefined;
  /** The API's image: the worker is another command of it. */
  readonly image: Image;
  /** The command that starts the worker. */
  readonly command: string[];
  readonly resources: Resources;
  /** The API's database: `keybuzz-api-postgres`. */
  readonly database: EnvironmentSource;
  /** Key, region and sender for SES: `keybuzz-ses`. */
  readonly ses: EnvironmentSource;
  /** Login for submission: `keybuzz-smtp`. Required for mode `submission`, refused for `relay`. */
  readonly smtpCredentials?: EnvironmentSource | undefined;
  readonly smtp: SmtpSettings;
  readonly fallback: FallbackSettings;
  /**
   * Port on which the image must serve two endpoints, by HTTP. It is told the number in HEALTH_PORT.
   *
   * - `/live` answers 200 as long as the worker's loop turns. It looks at nothing outside the process.
   * - `/ready` answers 200 when database and SMTP can be reached, and 503 otherwise. It answers within 5
   *   seconds. With `forceFail` SMTP does not count.
   *
   * @default 8080
   */
  readonly healthPort?: number | undefined;
  /** Lets the pod log in to Vault, and tells it how. @default none: it holds no token at all */
  readonly vault?: VaultLoginArgs | undefined;
  /** Plain values beside those made from the settings, such as NODE_ENV. @default none */
  readonly env?: Record<string, string> | undefined;
  /** What else must stand before it starts. @default nothing */
  readonly waitFor?: pulumi.Resource[] | undefined;
}

export class OutboundWorker extends pulumi.ComponentResource {
  /** Name of the service account it runs as. */
  readonly serviceAccountName: string;

  constructor(name: string, args: OutboundWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    const workload = toWorkload(args);
    check(name, args, workload);
    super("keybuzz:kubernetes:OutboundWorker", name, plainInputs(args), opts);

    this.serviceAccountName = new Workload(`${name}-workload`, workload, { parent: this }).serviceAccountName;
    this.registerOutputs({ serviceAccountName: this.serviceAccountName });
  }
}

/** The workload that it is made of: one pod, which ends before its successor starts. */
function toWorkload(args: OutboundWorkerArgs): WorkloadArgs {
  const {
    environment,
    namespace,
    image,
    command,
    resources,
    database,
    ses,
    smtpCredentials,
    vault,
    waitFor,
  } = args;
  return {
    environment,
    namespace,
    name: args.name ?? "keybuzz-outbound-worker",
    component: "outbound-worker",
    image,
    command,
    replicas: 1,
    strategy: "Recreate",
    // Time to finish what is being sent, so that it is not sent again by the successor.
    terminationGracePeriodSeconds: 60,
    health: { port: healthPort(args), readinessPath: "/ready", livenessPath: "/live" },
    resources,
    env: { ...args.env, ...settings(args) },
    environmentFrom: [database, ses, ...(smtpCredentials ? [smtpCredentials] : [])],
    vault,
    waitFor,
  };
}

/** Plain variables: they show in a preview, rules can read them, and a change of one rolls the pod. */
function settings(args: OutboundWorkerArgs): Record<string, string> {
  const { smtp, fallback } = args;
  const { pool, rateLimit, retries } = smtp;
  const tlsAtOnce = smtp.port === 465;
  return {
    HEALTH_PORT: String(healthPort(args)),
    SMTP_HOST: smtp.host,
    SMTP_PORT: String(smtp.port),
    SMTP_MODE: smtp.mode,
    // SECURE: TLS from the first byte. STARTTLS: plain at first, and given up unless TLS follows.
    SMTP_SECURE: String(smtp.mode === "submission" && tlsAtOnce),
    SMTP_STARTTLS: String(smtp.mode === "submission" && !tlsAtOnce),
    SMTP_POOL_MAX_CONNECTIONS: String(pool.maxConnections),
    SMTP_POOL_MAX_MESSAGES: String(pool.maxMessagesPerConnection),
    SMTP_RATE_LIMIT_MESSAGES: String(rateLimit.messages),
    SMTP_RATE_LIMIT_PER_SECONDS: String(rateLimit.perSeconds),
    SMTP_RETRY_ATTEMPTS: String(retries.attempts),
    SMTP_RETRY_INITIAL_DELAY_MS: String(retries.initialDelayMs),
    SMTP_RETRY_MAX_DELAY_MS: String(retries.maxDelayMs),
    MAIL_FALLBACK: fallback.provider,
    MAIL_FALLBACK_ENABLED: String(fallback.enabled),
    // Absent, rather than false, wherever it is off: then no rule has to guess what a program reads into it.
    ...(smtp.forceFail && { SMTP_FORCE_FAIL: "true" }),
  };
}

function healthPort(args: OutboundWorkerArgs): number {
  return args.healthPort ?? 8080;
}

function check(name: string, args: OutboundWorkerArgs, workload: WorkloadArgs): void {
  const problems = new Problems(`OutboundWorker ${name}`);
  checkSmtp(problems, args);
  checkFallback(problems, args.fallback);
  const owned = [...Object.keys(settings(args)), "SMTP_FORCE_FAIL"];
  for (const variable of Object.keys(args.env ?? {}).filter((key) => owned.includes(key))) {
    const next = "use the typed setting";
    problems.require(false, `env.${variable}`, variable, "left to the worker's settings", next);
  }
  checkWorkload(problems, workload, ["database", "ses", "smtpCredentials"]);
  problems.throwIfAny();
}

function checkSmtp(problems: Problems, { environment, smtp, smtpCredentials }: OutboundWorkerArgs): void {
  const modes = ["relay", "submission"];
  problems.require(
    modes.includes(smtp.mode),
    "smtp.mode",
    smtp.mode,
    `one of ${modes.join(", ")}`,
    "choose one",
  );
  const host = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(smtp.host);
  problems.require(
    host,
    "smtp.host",
    smtp.host,
    "an address or a host name",
    "give it without scheme or port",
  );
  problems.port("smtp.port", smtp.port);
  const { pool, rateLimit, retries } = smtp;
  problems.wholeNumber("smtp.pool.maxConnections", pool.maxConnections, 1);
  problems.wholeNumber("smtp.pool.maxMessagesPerConnection", pool.maxMessagesPerConnection, 1);
  problems.wholeNumber("smtp.rateLimit.messages", rateLimit.messages, 1);
  problems.wholeNumber("smtp.rateLimit.perSeconds", rateLimit.perSeconds, 1);
  problems.wholeNumber("smtp.retries.attempts", retries.attempts, 1);
  problems.wholeNumber("smtp.retries.initialDelayMs", retries.initialDelayMs, 1);
  problems.wholeNumber("smtp.retries.maxDelayMs", retries.maxDelayMs, retries.initialDelayMs);
  const tested = smtp.forceFail !== true || !environment.production;
  problems.require(tested, "smtp.forceFail", true, "false in production", "test the fallback elsewhere");
  const source = smtpCredentials?.secretName ?? smtpCredentials?.configMapName;
  if (smtp.mode === "submission") {
    const next = "give the login, or use the relay";
    problems.require(source !== undefined, "smtpCredentials", source, "given for mode submission", next);
  } else if (smtp.mode === "relay") {
    const next = "a relay knows no login: leave them out, or use submission";
    problems.require(
      smtpCredentials === undefined,
      "smtpCredentials",
      source,
      "left out for mode relay",
      next,
    );
  }
}

function checkFallback(problems: Problems, { provider, enabled }: FallbackSettings): void {
  const providers = ["ses", "none"];
  const allowed = `one of ${providers.join(", ")}`;
  problems.require(providers.includes(provider), "fallback.provider", provider, allowed, "choose one");
  const possible = provider !== "none" || !enabled;
  const next = "switch it off, or name a provider";
  problems.require(possible, "fallback.enabled", enabled, "false without a provider", next);
}

/** What rules may see of the arguments: settings and names. */
function plainInputs(args: OutboundWorkerArgs): pulumi.Inputs {
  const { environment, namespace, database, ses, smtpCredentials, smtp, fallback } = args;
  return {
    environment: environment.name,
    production: environment.production,
    namespace: namespace.name,
    smtp,
    fallback,
    database: database.secretName,
    ses: ses.secretName,
    smtpCredentials: smtpCredentials?.secretName,
  };
}
