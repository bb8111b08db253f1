/** Production has whatever another environment has, unless its configuration says that it does without. */
import type { Resource } from "../resource";
import type {
  EnvironmentView,
  IsolationRule,
  LandscapeFinding,
  LandscapeUndetermined,
  LandscapeVerdict,
} from "./landscape";
import { keysOf, namesOf, objectName, type Shape, shapesOf } from "./shapes";
import { ownReferences } from "./workload-references";

export const sameShape: IsolationRule = {
  id: "isolation/same-shape",
  title: "Production has every workload, object and reference to a secret that another environment has",
  why:
    "PROD's worker lacked the reference to keybuzz-ses that DEV's worker had, and PROD's API and client were " +
    "declared nowhere: what was proved in DEV was not what ran in PROD.",
  prevents: ["F4", "F10"],
  fix:
    "Declare it in production too, or name it in keybuzz:environment.without of production's file if production " +
    "does without it on purpose. Take out of that list what is not needed there.",
  severity: "high",
  level: "mandatory",
  environments: "production",
  check: (environments) => {
    // Of an environment whose program failed, what is missing may only not have been reached.
    const judged = environments.filter(({ production, partial }) => production && partial !== true);
    if (judged.length === 0) return { findings: [] };
    const shapes = shapesOf(environments.filter(({ production }) => !production));
    const answers = judged.map((view) => new Comparison(view, shapes).verdict(isWhole(view, environments)));
    return {
      findings: answers.flatMap(({ findings }) => findings),
      undetermined: answers.flatMap(({ undetermined }) => undetermined ?? []),
    };
  },
};

/** Whether all that the project's environments have is laid side by side. */
function isWhole({ project }: EnvironmentView, environments: readonly EnvironmentView[]): boolean {
  const whole = environments.filter(({ partial }) => partial !== true).map(({ name }) => name);
  return project?.every((name) => whole.includes(name)) ?? false;
}

/** Types that an application needs one of, wherever it runs. Rotation's slots and generated values come and go. */
const SHAPING =
  /^(?:kubernetes:(?!.*:(?:PodDisruptionBudget|ResourceQuota|LimitRange|Namespace)$)|postgresql:index\/database:|vault:(?:kv|kubernetes|appRole)\/|aws:(?:ses|sesv2|sns|iam\/user:))/;

class Comparison {
  readonly #have = new Map<string, Resource>();
  /** What each shape is in this environment; nothing for what it lacks. */
  readonly #same = new Map<string, Resource>();
  /** Shapes of which something below is there. */
  readonly #begun = new Set<string>();
  readonly #without: readonly string[];
  readonly #used = new Set<string>();

  constructor(
    private readonly view: EnvironmentView,
    private readonly shapes: ReadonlyMap<string, Shape>,
  ) {
    this.#without = view.configuration?.environment?.without ?? [];
    for (const resource of view.declared) {
      const { object, logical, literal } = keysOf(resource, view.name);
      if (object !== undefined) this.#have.set(`object ${object}`, resource);
      this.#have.set(`logical ${logical}`, resource).set(`literal ${literal}`, resource);
    }
    const objects = new Set([...shapes.values()].flatMap(({ keys }) => keys.object ?? []));
    for (const shape of shapes.values()) this.#match(shape, objects);
  }

  /** What is missing, each thing once, however many environments have it. */
  verdict(isWhole: boolean): LandscapeVerdict {
    const findings: LandscapeFinding[] = [];
    const undetermined: LandscapeUndetermined[] = [];
    for (const shape of this.shapes.values()) {
      const same = this.#same.get(shape.id);
      if (same !== undefined) this.#compareReferences(shape, same, findings, undetermined);
      else if (!this.#isMeantAsWhole(shape) && this.#isTold(shape) && !this.#isCovered(shape)) {
        findings.push(this.#missing(shape));
      }
    }
    return { findings: [...findings, ...(isWhole ? this.#needless() : [])], undetermined };
  }

  /** @param objects names that the shapes bear: who bears another one's is that other one */
  #match({ id, keys, parent }: Shape, objects: ReadonlySet<string>): void {
    const named = keys.object === undefined ? undefined : this.#have.get(`object ${keys.object}`);
    const byProgram = [`logical ${keys.logical}`, `literal ${keys.literal}`].flatMap(
      (key) => this.#have.get(key) ?? [],
    );
    const isOther = (resource: Resource): boolean =>
      keys.object !== undefined && objects.has(keysOf(resource, this.view.name).object ?? "");
    const same = named ?? byProgram.find((resource) => !isOther(resource));
    if (same === undefined) return;
    this.#same.set(id, same);
    for (let above = parent; above !== undefined && !this.#begun.has(above); ) {
      this.#begun.add(above);
      above = this.shapes.get(above)?.parent;
    }
  }

  /** Of a component of which a part is there, the other parts are missing, and not the component. */
  #isTold({ id, resource }: Shape): boolean {
    const isComponent = resource.provider === undefined;
    return isComponent ? !this.#begun.has(id) : SHAPING.test(resource.type);
  }

  /** Below something that is told to be missing, or meant to be, nothing more is told. */
  #isCovered({ parent }: Shape): boolean {
    for (let above = parent; above !== undefined; ) {
      const shape = this.shapes.get(above);
      if (shape === undefined) return false;
      if (!this.#same.has(shape.id) && (this.#isMeantAsWhole(shape) || this.#isTold(shape))) return true;
      above = shape.parent;
    }
    return false;
  }

  #missing({ resource, model }: Shape): LandscapeFinding {
    const { urn, type, name } = resource;
    const object = objectName(resource) ?? name;
    const called = object === name ? name : `${name} (${object})`;
    return {
      environment: this.view.name,
      property: "",
      message: `lacks the ${type} ${called} that ${model.name} has`,
      model: { environment: model.name, urn },
    };
  }

  /** References to Secrets and ConfigMaps that other environments' workloads have. */
  #compareReferences(
    { references, resource }: Shape,
    same: Resource,
    findings: LandscapeFinding[],
    undetermined: LandscapeUndetermined[],
  ): void {
    if (references.size === 0) return;
    const own = ownReferences(same, this.view.name);
    const at = { environment: this.view.name, urn: same.urn };
    for (const { model, ...reference } of references.values()) {
      const { kind, name } = reference;
      if (own === undefined || own.has(reference) || this.#isMeant([name, reference.called])) continue;
      const properties = own.unknown(reference);
      if (properties.length > 0) {
        undetermined.push({ ...at, properties, reason: "what the containers take is not known yet" });
        continue;
      }
      const message = `lacks the reference to the ${kind} ${name} that ${resource.name} has in ${model.name}`;
      findings.push({ ...at, property: own.place(reference), message });
    }
  }

  /** Whether production does without it, by any name that it has in any environment. */
  #isMeantAsWhole({ instances }: Shape): boolean {
    if (this.#without.length === 0) return false;
    return this.#isMeant(instances.flatMap(({ resource, model }) => namesOf(resource, model.name)));
  }

  /** Whether production does without what is called so. */
  #isMeant(names: Iterable<string>): boolean {
    const called = new Set(names);
    const found = this.#without.filter((entry) => called.has(entry));
    for (const entry of found) this.#used.add(entry);
    return found.length > 0;
  }

  /** Names of things that production does without although it has them, or nobody else does. */
  #needless(): LandscapeFinding[] {
    const here = new Set(this.view.declared.flatMap((resource) => namesOf(resource, this.view.name)));
    return this.#without.flatMap((entry, index) => {
      if (this.#used.has(entry)) return [];
      const why = here.has(entry) ? `which ${this.view.name} has` : "which no other environment has";
      const property = `keybuzz:environment.without[${index}]`;
      return [{ environment: this.view.name, property, message: `names ${entry}, ${why}` }];
    });
  }
}
