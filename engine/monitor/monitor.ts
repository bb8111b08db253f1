/** What answers a program: a preview of its declaration, or a deployment of it. */
import type { Diagnostic } from "../diagnostic";
import type { EnvironmentConfiguration } from "../project/environment";
import type { PropertyMap } from "../property/values";
import type { CheckFailure } from "../provider/provider";
import type { InvokeRequest, PackageDescriptor, ReadRequest, Registration, ResourceAnswer } from "./requests";

/** The answer to a provider function. */
export interface InvokeAnswer {
  readonly result: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

/** An answer, at once or later. */
export type Answer<T> = T | Promise<T>;

export interface Monitor {
  readonly project: string;
  readonly configuration: EnvironmentConfiguration;
  /** Whether nothing is changed, so that values may be unknown. */
  readonly preview: boolean;
  readonly stackUrn: string;
  setRootResource(urn: string): void;
  /** Takes a message of the program. */
  log(diagnostic: Diagnostic): void;
  /** These throw RegistrationError when a rule is broken, which ends the run. */
  register(request: Registration): Answer<ResourceAnswer>;
  read(request: ReadRequest): Answer<ResourceAnswer>;
  registerOutputs(urn: string, outputs: PropertyMap): Answer<void>;
  invoke(request: InvokeRequest): Answer<InvokeAnswer>;
  call(token: string): Answer<PropertyMap>;
  registerPackage(descriptor: PackageDescriptor): string;
  /** The program registers no more; answered when everything that follows from that is done. */
  finish(): Answer<void>;
  /** A function of the program that is to be called before or after an operation. */
  registerHook(): void;
}
