/** What commands that evaluate environments have in common. */
import type { EngineErrorCode } from "../../engine/diagnostic";
import { listEnvironments, type Project } from "../../engine/project/project";
import { CommandError, EXIT, type ExitCode } from "../exit-codes";

/** What the engine refuses, as an exit code. */
export const engineExitCodes: Readonly<Record<EngineErrorCode, ExitCode>> = {
  project: EXIT.configuration,
  configuration: EXIT.configuration,
  policy: EXIT.failure,
  state: EXIT.failure,
  locked: EXIT.failure,
  passphrase: EXIT.configuration,
  "no-such-environment": EXIT.noSuchEnvironment,
};

/** The environments that were named, each once; all of the project when none was. */
export function namedEnvironments(project: Project, named: readonly string[]): string[] {
  const environments = named.length === 0 ? listEnvironments(project) : [...new Set(named)];
  if (environments.length > 0) return environments;
  throw new CommandError(EXIT.noSuchEnvironment, [
    `no environments in ${project.configDirectory}: an environment is a file Pulumi.<name>.yaml`,
  ]);
}
