/** Made-up states, and what opens the secrets of the stacks that hold them. */
import type { StackSecrets } from "../../../engine/checkpoint/keyring";
import type { ResourceState } from "../../../engine/checkpoint/state";

/** Known, so that its key is derived once per test file. */
export const SALT = "v1:4c5r59oMZMM=:v1:7YUrPFDttNr6pYFp:aNPPQIu6LceyEPM/2BAY8H/ZaoRw7A==";
export const SECRETS: StackSecrets = { passphrase: "open sesame", encryptionSalt: SALT };

export const STACK_URN = "urn:pulumi:dev::rec::pulumi:pulumi:Stack::rec-dev";
export const PROVIDER_URN = "urn:pulumi:dev::rec::pulumi:providers:made::default";
export const PROVIDER = `${PROVIDER_URN}::provider-id`;

/** The URN of a made-up resource. */
export function urnOf(name: string): string {
  return `urn:pulumi:dev::rec::made:index:Thing::${name}`;
}

const NOTHING = { inputs: {}, outputs: {}, dependencies: [], propertyDependencies: {} };

export const stackState: ResourceState = {
  ...NOTHING,
  urn: STACK_URN,
  type: "pulumi:pulumi:Stack",
  custom: false,
};

export const providerState: ResourceState = {
  ...NOTHING,
  urn: PROVIDER_URN,
  type: "pulumi:providers:made",
  custom: true,
  id: "provider-id",
};

/** A custom resource below the stack. */
export function thing(name: string, more: Partial<ResourceState> = {}): ResourceState {
  return {
    ...NOTHING,
    urn: urnOf(name),
    type: "made:index:Thing",
    custom: true,
    id: `id-${name}`,
    parent: STACK_URN,
    provider: PROVIDER,
    ...more,
  };
}

export const SUCCEEDED = { result: "succeeded", resourceChanges: {} } as const;
