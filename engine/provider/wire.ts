/** The parts of pulumirpc.ResourceProvider's messages that both sides of a connection read and write. */
import { CheckFailure, DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type * as api from "./provider";

const CHANGES = {
  unknown: DiffResponse.DiffChanges.DIFF_UNKNOWN,
  none: DiffResponse.DiffChanges.DIFF_NONE,
  some: DiffResponse.DiffChanges.DIFF_SOME,
} as const;

const KINDS = {
  add: PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
} as const;

export function diffMessage(diff: api.DiffResponse): DiffResponse {
  const message = new DiffResponse()
    .setChanges(CHANGES[diff.changes])
    .setReplacesList([...diff.replaces])
    .setDiffsList([...diff.diffs])
    .setDeletebeforereplace(diff.deleteBeforeReplace)
    .setHasdetaileddiff(diff.detailedDiff !== undefined);
  for (const [path, { kind, inputDiff }] of Object.entries(diff.detailedDiff ?? {})) {
    message.getDetaileddiffMap().set(path, new PropertyDiff().setKind(KINDS[kind]).setInputdiff(inputDiff));
  }
  return message;
}

/** Numbers that are none of Pulumi's are left undefined, for the judgement of answers to refuse. */
export function diffFrom(message: DiffResponse): api.DiffResponse {
  const detailedDiff: Record<string, api.PropertyDiff> = {};
  message.getDetaileddiffMap().forEach((diff, path) => {
    const kind = nameOf(KINDS, diff.getKind()) as api.PropertyDiffKind;
    detailedDiff[path] = { kind, inputDiff: diff.getInputdiff() };
  });
  return {
    changes: nameOf(CHANGES, message.getChanges()) as api.DiffResponse["changes"],
    replaces: message.getReplacesList(),
    diffs: message.getDiffsList(),
    ...(message.getHasdetaileddiff() || Object.keys(detailedDiff).length > 0 ? { detailedDiff } : {}),
    deleteBeforeReplace: message.getDeletebeforereplace(),
  };
}

export function failureMessages(failures: readonly api.CheckFailure[]): CheckFailure[] {
  return failures.map(({ property, reason }) => new CheckFailure().setProperty(property).setReason(reason));
}

export function failuresFrom(messages: readonly CheckFailure[]): api.CheckFailure[] {
  return messages.map((message) => ({ property: message.getProperty(), reason: message.getReason() }));
}

function nameOf(numbers: Readonly<Record<string, number>>, number: number): string | undefined {
  return Object.entries(numbers).find(([, each]) => each === number)?.[0];
}
