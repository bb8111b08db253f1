/** Pods are administrators of nothing: not of their node, not of their cluster, not of their own container. */
import type { Container, PodTemplate } from "../../kubernetes/containers";
import { isPatch, judgePods } from "../../kubernetes/pods";
import type { Assessment, ResourceRule } from "../../rule";
import { isUnknown, itemsOf, type Path, pathText, type Value, valueAt } from "../../value";

/** The only capability that the pod security standard `restricted` lets a container have. */
const ALLOWED_CAPABILITY = "NET_BIND_SERVICE";
const SECCOMP = ["RuntimeDefault", "Localhost"];
const OF_NODE = ["hostNetwork", "hostPID", "hostIPC"];

export const securityContext: ResourceRule = {
  id: "kubernetes/security-context",
  title: "Pods run as no administrator, with no capability, on a read-only root, and hold no cluster token",
  why:
    "DEV and PROD share their nodes: who breaks out of a DEV container stands beside PROD's, and a token of the " +
    "cluster that a pod does not need reads Secrets for whoever takes the pod over.",
  prevents: [],
  fix:
    "Keep to the pod security standard `restricted`, set readOnlyRootFilesystem: true with an emptyDir for what " +
    "is written, and automountServiceAccountToken: false.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource) =>
    judgePods(resource, (pod, assessment) => {
      const context = new Context(assessment, isPatch(resource));
      context.pod(pod);
      for (const container of pod.containers) context.container(container, pod);
      return true;
    }),
};

/** Where a value stands that counts for a container. */
interface Effective {
  readonly value: Value | undefined;
  readonly path: Path;
}

class Context {
  readonly #told = new Set<string>();

  /** @param isPart whether what is left out may stand elsewhere */
  constructor(
    private readonly assessment: Assessment,
    private readonly isPart: boolean,
  ) {}

  pod({ spec, path }: PodTemplate): void {
    if (isUnknown(spec)) return;
    const at = [...path, "spec"];
    for (const name of OF_NODE) {
      const what = `gives the pod the node's ${name.slice("host".length).toLowerCase()}; leave it out`;
      this.#mustNot({ value: valueAt(spec, name), path: [...at, name] }, isOn, what);
    }
    const volumes = valueAt(spec, "volumes");
    if (isUnknown(volumes)) this.assessment.unknown([...at, "volumes"]);
    for (const [index, volume] of itemsOf(volumes)) {
      const place = { value: valueAt(volume, "hostPath"), path: [...at, "volumes", index, "hostPath"] };
      this.#mustNot(place, isGiven, "mounts a folder of the node; use an emptyDir or a claim");
    }
    this.#token(spec, at);
  }

  container({ body, path }: Container, pod: PodTemplate): void {
    const own = (...names: string[]): Effective => ({
      value: valueAt(body, "securityContext", ...names),
      path: [...path, "securityContext", ...names],
    });
    const inherited = (...names: string[]): Effective => {
      const container = own(...names);
      if (container.value !== undefined && container.value !== null) return container;
      const value = valueAt(pod.spec, "securityContext", ...names);
      const at = [...pod.path, "spec", "securityContext", ...names];
      return isGiven(value) ? { value, path: at } : container;
    };
    this.#mustNot(own("privileged"), isOn, "makes the container an administrator of the node; leave it out");
    this.#mustNot(
      own("procMount"),
      (value) => isGiven(value) && value !== "Default",
      "opens /proc; leave it out",
    );
    this.#must(own("allowPrivilegeEscalation"), (value) => value === false, "must be false");
    this.#must(own("readOnlyRootFilesystem"), (value) => value === true, "must be true");
    this.#must(inherited("runAsNonRoot"), (value) => value === true, "must be true, here or for the pod");
    this.#mustNot(inherited("runAsUser"), (value) => isGiven(value) && Number(value) === 0, "is root");
    const profile = inherited("seccompProfile", "type");
    const isFiltered = (value: Value | undefined): boolean => SECCOMP.some((allowed) => value === allowed);
    this.#must(profile, isFiltered, `must be ${SECCOMP.join(" or ")}, here or for the pod`);
    this.#capabilities(own("capabilities", "drop"), own("capabilities", "add"));
    if (isUnknown(body.ports)) this.assessment.unknown([...path, "ports"]);
    for (const [index, port] of itemsOf(body.ports)) {
      const place = { value: valueAt(port, "hostPort"), path: [...path, "ports", index, "hostPort"] };
      this.#mustNot(
        place,
        (value) => isGiven(value) && Number(value) !== 0,
        "takes a port of the node; use a Service",
      );
    }
  }

  #capabilities(drop: Effective, add: Effective): void {
    const dropped = itemsOf(drop.value).map(([, item]) => item);
    if (!dropped.includes("ALL") && dropped.some(isUnknown)) this.assessment.unknown(drop.path);
    else this.#must(drop, () => dropped.includes("ALL"), 'must contain "ALL"');
    if (isUnknown(add.value)) this.assessment.unknown(add.path);
    for (const [index, item] of itemsOf(add.value)) {
      const place = { value: item, path: [...add.path, index] };
      const isTooMuch = (value: Value | undefined): boolean => value !== ALLOWED_CAPABILITY;
      this.#mustNot(place, isTooMuch, `gives a capability; only ${ALLOWED_CAPABILITY} is allowed`);
    }
  }

  /** A pod that has an account of its own and says that it needs its token may have it. */
  #token(spec: Value | undefined, at: Path): void {
    const token = {
      value: valueAt(spec, "automountServiceAccountToken"),
      path: [...at, "automountServiceAccountToken"],
    };
    const account = valueAt(spec, "serviceAccountName") ?? valueAt(spec, "serviceAccount");
    if (token.value === true && isUnknown(account)) this.assessment.unknown([...at, "serviceAccountName"]);
    else {
      const hasOwnAccount = typeof account === "string" && account !== "" && account !== "default";
      const isRight = (value: Value | undefined): boolean =>
        value === false || (value === true && hasOwnAccount);
      this.#must(token, isRight, "must be false, or true beside a service account of the workload's own");
    }
  }

  #must(place: Effective, isRight: (value: Value | undefined) => boolean, want: string): void {
    if (isUnknown(place.value)) this.assessment.unknown(place.path);
    else if (!isRight(place.value) && !(this.isPart && !isGiven(place.value))) {
      this.#tell(place.path, `${isGiven(place.value) ? "is not right" : "is missing"}: it ${want}`);
    }
  }

  #mustNot(place: Effective, isWrong: (value: Value | undefined) => boolean, problem: string): void {
    if (isUnknown(place.value)) this.assessment.unknown(place.path);
    else if (isWrong(place.value)) this.#tell(place.path, problem);
  }

  /** What containers take from their pod is told once. */
  #tell(path: Path, message: string): void {
    const key = pathText(path);
    if (this.#told.has(key)) return;
    this.#told.add(key);
    this.assessment.finding(path, message);
  }
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && value !== null;
}

/** A truth value that is written as a text is refused by the API, or taken for what it says. */
function isOn(value: Value | undefined): boolean {
  return value === true || (typeof value === "string" && value.toLowerCase() === "true");
}
