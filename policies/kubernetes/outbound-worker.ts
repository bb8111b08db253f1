/** Which workload sends the mail: by its name, by its labels, or by the command that the configuration names. */
import type { Estate } from "../estate";
import { isUnknown, itemsOf, type Path, type Value, valueAt } from "../value";
import type { PodTemplate } from "./containers";

/** Part of the name of every object of the worker. */
const WORKER = "outbound-worker";
const LABELS = ["app.kubernetes.io/component", "app.kubernetes.io/name", "app"];

export type IsWorker = { readonly is: boolean } | { readonly is: "unknown"; readonly path: Path };

/** Whether pods are the outbound worker's. Unknown when nothing says so and the name is not known. */
export function isOutboundWorker(pod: PodTemplate, { configuration }: Estate): IsWorker {
  const { object, metadata, containers } = pod;
  const own = valueAt(object.body, "metadata");
  const names = [own, metadata].flatMap((each) => [
    valueAt(each, "name"),
    valueAt(each, "generateName"),
    ...LABELS.map((label) => valueAt(each, "labels", label)),
  ]);
  const command = configuration?.workloads?.outboundWorker?.command?.join(" ");
  const starts = containers.some(({ body }) => command !== undefined && startOf(body) === command);
  if (starts || names.some(isWorkerName)) return { is: true };
  const name = valueAt(own, "name");
  return isUnknown(name) ? { is: "unknown", path: [...object.path, "metadata", "name"] } : { is: false };
}

export function isWorkerName(name: Value | undefined): boolean {
  return typeof name === "string" && name.toLowerCase().includes(WORKER);
}

/** Command and arguments, in one line. */
function startOf(container: Value): string {
  return [...itemsOf(valueAt(container, "command")), ...itemsOf(valueAt(container, "args"))]
    .map(([, word]) => String(word))
    .join(" ");
}
