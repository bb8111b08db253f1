/** No secret value is used in two environments. */
import type { EnvironmentView, IsolationRule, LandscapeFinding, SecretDigest } from "./landscape";

export const distinctSecrets: IsolationRule = {
  id: "isolation/distinct-secrets",
  title: "No secret value is the same in two environments",
  why: "A password or key that both environments know opens PROD to whoever learns it in DEV.",
  prevents: ["F1", "F5"],
  fix: "Issue a value of its own for one of the environments, and revoke the shared one where it was used.",
  severity: "critical",
  level: "mandatory",
  environments: "all",
  check: (environments) => {
    const first = new Map<string, { readonly view: EnvironmentView; readonly secret: SecretDigest }>();
    const findings = [...environments].sort(byDuty).flatMap((view) => {
      // A value once in an environment, wherever it stands there, and a property once, whatever it holds.
      const told = new Set<string>();
      return view.secrets.flatMap((secret): LandscapeFinding[] => {
        const { urn, property, digest } = secret;
        const other = first.get(digest);
        if (other === undefined) first.set(digest, { view, secret });
        const place = `${urn} ${property}`;
        if (other === undefined || other.view === view || told.has(digest) || told.has(place)) return [];
        told.add(digest).add(place);
        const where = `${other.secret.property} of ${nameOf(other.secret.urn)} in ${other.view.name}`;
        return [{ environment: view.name, urn, property, message: `has the same secret value as ${where}` }];
      });
    });
    return { findings };
  },
};

/** Production stands last, so that its copy is the one to be replaced. */
function byDuty(one: EnvironmentView, other: EnvironmentView): number {
  return Number(one.production) - Number(other.production) || (one.name < other.name ? -1 : 1);
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
