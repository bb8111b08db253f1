/**
 * The Next.js client: the workload that serves the application to browsers, with the addresses of its own
 * environment and no other's.
 *
 * Next.js writes NEXT_PUBLIC values into the files that browsers load when the image is built. The variable
 * set here reaches the server's side alone, and mends no image that was built with another value. Therefore
 * an image belongs to one environment (`buildScope: environment`), is never promoted to the next, and is
 * marked so.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Environment, EnvironmentSource, NamespaceHandle } from "./handles";
import type { Image } from "./image";
import { Problems } from "./problems";
import type { Resources } from "./quantities";
import type { VaultLoginArgs } from "./vault-login";
import { Workload } from "./workload";
import type { IngressArgs, WorkloadArgs } from "./workload-args";
import { checkWorkload } from "./workload-checks";

export interface ClientArgs {
  readonly environment: Environment;
  /** The namespace it runs in. Changing it replaces everything. */
  readonly namespace: NamespaceHandle;
  /** Physical name of its objects. Changing it replaces everything. @default "keybuzz-client" */
  readonly name?: string | undefined;
  /** The image, built with this environment's addresses: `buildScope` says that whoever named it knows. */
  readonly image: Image & { readonly buildScope?: string | undefined };
  /** Number of pods; 0 stops it. */
  readonly replicas: number;
  /** The host under which browsers reach it: sign-in returns there, by NEXTAUTH_URL. */
  readonly ingress: IngressArgs;
  /** Host of the environment's backend: `backend-dev.keybuzz.io`. */
  readonly backendHost: string;
  /** NEXTAUTH_SECRET and the sign-in providers: `keybuzz-client-auth`. */
  readonly auth: EnvironmentSource;
  readonly resources: Resources;
  /** Path that answers 200 to 399 while the server works, whether or not the backend does. @default "/" */
  readonly healthPath?: string | undefined;
  /** Lets the pods log in to Vault, and tells them how. @default none: pods hold no token at all */
  readonly vault?: VaultLoginArgs | undefined;
  /** Plain values beside the addresses, such as NODE_ENV. @default none */
  readonly env?: Record<string, string> | undefined;
  /** What else must stand before it starts. @default nothing */
  readonly waitFor?: pulumi.Resource[] | undefined;
}

export class Client extends pulumi.ComponentResource {
  /** TCP port that Next.js listens on: the one that the ingress controller must be let through to. */
  static readonly port = 3000;

  /** Address under which browsers reach it. */
  readonly url: string;
  /** Name of the service account it runs as. */
  readonly serviceAccountName: string;

  constructor(name: string, args: ClientArgs, opts?: pulumi.ComponentResourceOptions) {
    const workload = toWorkload(args);
    check(name, args, workload);
    super("keybuzz:kubernetes:Client", name, plainInputs(args), opts);

    this.url = clientUrl(args);
    this.serviceAccountName = new Workload(`${name}-workload`, workload, { parent: this }).serviceAccountName;
    this.registerOutputs({ url: this.url, serviceAccountName: this.serviceAccountName });
  }
}

function toWorkload(args: ClientArgs): WorkloadArgs {
  const { environment, namespace, image, replicas, ingress, resources, auth, vault, waitFor } = args;
  return {
    environment,
    namespace,
    name: args.name ?? "keybuzz-client",
    component: "client",
    image,
    replicas,
    port: Client.port,
    ingress,
    health: { path: args.healthPath ?? "/" },
    resources,
    env: { ...args.env, ...addresses(args) },
    environmentFrom: [auth],
    writableFolders: ["/app/.next/cache"],
    vault,
    annotations: { "keybuzz.io/build-scope": "environment" },
    waitFor,
  };
}

function addresses(args: ClientArgs): Record<string, string> {
  return { NEXTAUTH_URL: clientUrl(args), NEXT_PUBLIC_BACKEND_URL: backendUrl(args) };
}

function clientUrl({ ingress }: ClientArgs): string {
  return `https://${ingress.host}`;
}

function backendUrl({ backendHost }: ClientArgs): string {
  return `https://${backendHost}`;
}

function check(name: string, args: ClientArgs, workload: WorkloadArgs): void {
  const problems = new Problems(`Client ${name}`);
  const { buildScope } = args.image;
  const next = "build the image with this environment's addresses, and say so";
  problems.require(buildScope === "environment", "image.buildScope", buildScope, '"environment"', next);
  problems.hostName("backendHost", args.backendHost);
  for (const variable of Object.keys(args.env ?? {}).filter((key) => key in addresses(args))) {
    problems.require(
      false,
      `env.${variable}`,
      variable,
      "left to the client",
      "correct the host it is made of",
    );
  }
  checkWorkload(problems, workload, ["auth"]);
  problems.throwIfAny();
}

/** What rules may see of the arguments: addresses and names. */
function plainInputs(args: ClientArgs): pulumi.Inputs {
  const { environment, namespace, image, auth } = args;
  return {
    environment: environment.name,
    namespace: namespace.name,
    url: clientUrl(args),
    backendUrl: backendUrl(args),
    buildScope: image.buildScope,
    auth: auth.secretName,
  };
}
