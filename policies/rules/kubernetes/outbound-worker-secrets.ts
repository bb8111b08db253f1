/** The outbound worker is given what it logs in with: to the API's database, and to SES. */
import type { Container } from "../../kubernetes/containers";
import { isOutboundWorker } from "../../kubernetes/outbound-worker";
import { isPatch, judgePods } from "../../kubernetes/pods";
import { NOT_APPLICABLE, type ResourceRule } from "../../rule";
import { isUnknown, itemsOf, type Value, valueAt } from "../../value";

/** The Secrets, with the keys that no ConfigMap can hold in their place. */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  "keybuzz-api-postgres": ["PGPASSWORD"],
  "keybuzz-ses": ["AWS_SES_ACCESS_KEY_ID", "AWS_SES_SECRET_ACCESS_KEY"],
};

export const outboundWorkerSecrets: ResourceRule = {
  id: "kubernetes/outbound-worker-secrets",
  title: "The outbound worker takes the Secrets keybuzz-api-postgres and keybuzz-ses",
  why:
    "The worker ran without a secretRef to keybuzz-ses, and no such Secret was there: mail that SMTP did not take " +
    "had nothing to fall back to.",
  prevents: ["F10"],
  fix: "Add both to the container's envFrom, without `optional` and without a prefix.",
  severity: "high",
  level: "mandatory",
  environments: "all",
  scope: "resource",
  check: (resource, estate) =>
    isPatch(resource)
      ? NOT_APPLICABLE
      : judgePods(resource, (pod, assessment) => {
          const worker = isOutboundWorker(pod, estate);
          if (worker.is === "unknown") assessment.unknown(worker.path);
          if (worker.is !== true) return worker.is === "unknown";
          const running = pod.containers.filter(({ role }) => role === "main").map(takenBy);
          const [best] = running.sort((one, other) => one.missing.length - other.missing.length);
          // The worker may be the container of which nothing is known.
          if (best === undefined || pod.unknown.length > 0) return true;
          const { container, missing, open } = best;
          const at = [...container.path, "envFrom"];
          if (missing.length > 0 && open) assessment.unknown(at);
          else {
            for (const name of missing) {
              assessment.finding(
                at,
                `does not take the Secret ${name}, which the worker cannot send without`,
              );
            }
          }
          return true;
        }),
};

interface Taken {
  readonly container: Container;
  readonly missing: readonly string[];
  /** Whether a part that is not known may take what is missing. */
  readonly open: boolean;
}

function takenBy(container: Container): Taken {
  const { body } = container;
  const whole = itemsOf(body.envFrom).flatMap(([, source]): Value[] => {
    const name = valueAt(source, "secretRef", "name");
    const isFull = !valueAt(source, "prefix") && valueAt(source, "secretRef", "optional") !== true;
    return name !== undefined && isFull ? [name] : [];
  });
  const single = itemsOf(body.env).flatMap(([, variable]) => {
    const reference = valueAt(variable, "valueFrom", "secretKeyRef");
    const [name, key] = [valueAt(reference, "name"), valueAt(reference, "key")];
    return name !== undefined && valueAt(reference, "optional") !== true ? [{ name, key }] : [];
  });
  const missing = Object.entries(SECRETS)
    .filter(([secret, keys]) => {
      const hasKey = (wanted: string): boolean =>
        single.some(({ name, key }) => name === secret && key === wanted);
      return !whole.includes(secret) && !keys.every(hasKey);
    })
    .map(([secret]) => secret);
  const parts = [body.envFrom, body.env];
  const inside = parts.some((part) => isUnknown(part) || itemsOf(part).some(([, item]) => isUnknown(item)));
  const open = inside || [...whole, ...single.flatMap(({ name, key }) => [name, key])].some(isUnknown);
  return { container, missing, open };
}
