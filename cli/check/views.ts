/** Environments as the rules that compare them see them. */
import { basename, relative } from "node:path";
import { inTurns } from "../../engine/in-turns";
import type { Declaration } from "../../engine/monitor/declaration";
import { environmentFile, type Project } from "../../engine/project/project";
import type { EnvironmentFacts } from "../../policies/estate";
import { isProduction } from "../../policies/estate";
import type { EnvironmentView, ImageHistory } from "../../policies/isolation/landscape";
import { imageHistory, type ImageHistory as PastImages } from "../git/image-history";
import { secretDigests } from "./secrets";
import type { EnvironmentSubject } from "./subject";

/** Files whose history is read at a time; each starts two processes of git. */
const HISTORIES = 4;

/**
 * @param history images that the environment's file has named; left out where nothing is compared with them
 * @param project names of all environments of the project, checked or not
 */
export function viewOf(
  declaration: Declaration,
  subject: EnvironmentSubject,
  facts: EnvironmentFacts,
  history: ImageHistory | undefined,
  project?: readonly string[],
): EnvironmentView {
  const { configuration, claims, name } = facts;
  return {
    name,
    production: isProduction(facts),
    ...(configuration === undefined ? {} : { configuration }),
    configured: claims,
    declared: subject.declared,
    reads: subject.reads,
    secrets: secretDigests(declaration.resources),
    ...(history === undefined ? {} : { history }),
    ...(declaration.outcome === "succeeded" ? {} : { partial: true }),
    ...(project === undefined ? {} : { project }),
  };
}

/**
 * Images that environments other than production have run, by the history of their files. Read while the programs
 * are evaluated; of an environment without images in its configuration nothing is known.
 */
export async function imageHistories(
  project: Project,
  facts: readonly EnvironmentFacts[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ImageHistory>> {
  const models = facts.filter((each) => !isProduction(each) && each.configuration?.workloads !== undefined);
  const histories = await inTurns(models, HISTORIES, async ({ name, configuration }) => {
    const file = environmentFile(project, name);
    if (file === undefined) return [];
    const directory = project.configDirectory;
    const past = await imageHistory(directory, relative(directory, file), signal);
    const reason = incomplete(past, file);
    const repository = configuration?.registry?.repository ?? "";
    const images = Object.values(past.workloads).flatMap((each) =>
      each.map(({ name: image, tag, digest }) => {
        const tagged = `${repository}/${image}:${tag}`;
        return digest === undefined ? tagged : `${tagged}@${digest}`;
      }),
    );
    const history: ImageHistory = {
      images: new Set(images),
      ...(reason === undefined ? {} : { incomplete: reason }),
    };
    return [[name, history] as const];
  });
  return new Map(histories.flat());
}

/** Why an image may have run that is not in the history; undefined when all are in it. */
function incomplete({ reason, skipped }: PastImages, file: string): string | undefined {
  if (reason !== undefined || skipped === 0) return reason;
  return `${skipped} of the versions of ${basename(file)} cannot be read`;
}
