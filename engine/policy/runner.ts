/**
 * A policy pack that runs. Project, environment and configuration reach its code only through the environment
 * variables of its process, so one process serves one environment. It may be started before there is anything to
 * judge: loading a pack takes longer than judging with it.
 */
import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineError } from "../diagnostic";
import { withoutRevealed } from "../property/revealed-secrets";
import { configurePolicies, type PolicySettings } from "./configuration";
import type { PolicyInfo } from "./judgement";
import {
  answerFrom,
  configureRequest,
  descriptionFrom,
  type PackAnswer,
  type RemediationAnswer,
  remediationsFrom,
} from "./messages";
import type { PolicyPack } from "./pack";
import { NoPortError, PackProcess } from "./pack-process";
import { environmentOf, type PolicyTarget, stackRequest } from "./target";

/** How a pack is run. */
export interface PackOptions {
  /** Laid over the pack's own configuration. */
  readonly settings?: PolicySettings;
  /** What the process's environment is made from, without what a pack is told of its target. */
  readonly processEnvironment: NodeJS.ProcessEnv;
  /** Ends the process. */
  readonly signal: AbortSignal;
  /** Gets what the pack prints, line by line. */
  readonly print?: (line: string) => void;
  /**
   * Whether its messages hold no secrets by themselves, so that those of the declaration are not blanked in them:
   * a name that the program marked as secret can then be told. @default false
   */
  readonly tellsNoSecrets?: boolean;
  /** How long loading and configuring may take, in milliseconds. @default 120000 */
  readonly startTimeout?: number;
  /** How long one answer may take, in milliseconds. @default 120000 */
  readonly answerTimeout?: number;
}

/** A pack that is ready, with its configuration in force. */
export interface ReadyPack {
  readonly name: string;
  readonly version: string;
  readonly policies: readonly PolicyInfo[];
}

const TIMEOUT_MS = 120_000;

/** Pulumi allows messages of up to 400 MiB. */
const MESSAGE_LIMIT = 400 * 1024 * 1024;

/** How long a process may take to end after its connection has failed. */
const GRACE_MS = 2000;

/** Starts a pack and returns at once. Whoever starts it ends it. */
export function startPack(pack: PolicyPack, target: PolicyTarget, options: PackOptions): RunningPack {
  return new RunningPack(pack, target, options);
}

type Answer<Response> = (error: ServiceError | null, response: Response) => void;

/** One of the service's methods, with its request. */
type Method<Response> = (
  client: AnalyzerClient,
  ...rest: [metadata: Metadata, options: { readonly deadline: number }, answer: Answer<Response>]
) => unknown;

export class RunningPack {
  /** The pack's description once it is ready. Rejected with EngineError `policy` or `configuration`. */
  readonly ready: Promise<ReadyPack>;
  readonly #process: PackProcess | undefined;
  #client: AnalyzerClient | undefined;
  readonly #stop = (): void => this.#process?.kill();

  constructor(
    readonly pack: PolicyPack,
    readonly target: PolicyTarget,
    private readonly options: PackOptions,
  ) {
    const { signal, processEnvironment, print } = options;
    if (!signal.aborted) {
      const environment = { ...processEnvironment, ...environmentOf(target) };
      this.#process = new PackProcess(pack, environment, (line) => print?.(this.#hide(line)));
      signal.addEventListener("abort", this.#stop);
    }
    this.ready = this.#start().catch((error: unknown) => {
      this.#stop();
      throw error;
    });
    this.ready.catch(() => {});
  }

  /** Whether its messages hold no secrets by themselves. */
  get tellsNoSecrets(): boolean {
    return this.options.tellsNoSecrets === true;
  }

  /** Judges one resource. */
  async analyze(request: analyzer.AnalyzeRequest): Promise<PackAnswer> {
    const response = await this.#ask<analyzer.AnalyzeResponse>(
      (client, ...rest) => client.analyze(request, ...rest),
      `to ${request.getUrn()}`,
    );
    return this.#read(response ?? new analyzer.AnalyzeResponse(), answerFrom);
  }

  /** Lets the pack change one resource's inputs. */
  async remediate(request: analyzer.AnalyzeRequest): Promise<RemediationAnswer> {
    const response = await this.#ask<analyzer.RemediateResponse>(
      (client, ...rest) => client.remediate(request, ...rest),
      `to ${request.getUrn()}`,
    );
    return this.#read(response ?? new analyzer.RemediateResponse(), remediationsFrom);
  }

  /** Judges all resources together. */
  async analyzeStack(resources: analyzer.AnalyzerResource[]): Promise<PackAnswer> {
    const request = new analyzer.AnalyzeStackRequest().setResourcesList(resources);
    const response = await this.#ask<analyzer.AnalyzeResponse>(
      (client, ...rest) => client.analyzeStack(request, ...rest),
      "to the whole stack",
    );
    return this.#read(response ?? new analyzer.AnalyzeResponse(), answerFrom);
  }

  /** Ends the process; resolves when it is gone. */
  async end(): Promise<void> {
    this.options.signal.removeEventListener("abort", this.#stop);
    this.#stop();
    this.#client?.close();
    await this.#process?.ended;
  }

  /** An error of this pack: what it says is blanked of what is hidden. */
  failure(message: string): EngineError {
    return new EngineError("policy", [`policy pack ${this.pack.directory}: ${this.#hide(message)}`]);
  }

  async #start(): Promise<ReadyPack> {
    const { startTimeout = TIMEOUT_MS } = this.options;
    if (this.#process === undefined) throw this.failure("cancelled before it was started");
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      this.#stop();
    }, startTimeout);
    try {
      return await this.#connect(this.#process);
    } catch (error) {
      if (expired) {
        throw this.failure(
          `it was not ready within ${startTimeout / 1000} s; its code has to end loading and to make a PolicyPack`,
        );
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** What the official engine asks of a pack before it judges anything. */
  async #connect(process: PackProcess): Promise<ReadyPack> {
    const port = await process.port.catch((error: unknown) => {
      if (this.options.signal.aborted) throw this.failure("cancelled");
      throw error instanceof NoPortError ? this.failure(error.message) : error;
    });
    this.#client = new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
      "grpc.max_receive_message_length": MESSAGE_LIMIT,
      "grpc.max_send_message_length": MESSAGE_LIMIT,
      "grpc.enable_http_proxy": 0,
    });
    const { directory } = this.pack;
    const handshake = new analyzer.AnalyzerHandshakeRequest()
      .setRootDirectory(directory)
      .setProgramDirectory(directory);
    await this.#call((client, ...rest) => client.handshake(handshake, ...rest), "to the handshake");
    await this.#call(
      (client, ...rest) => client.configureStack(stackRequest(this.target), ...rest),
      "to its stack's configuration",
    );
    await this.#call((client, ...rest) => client.getPluginInfo(new Empty(), ...rest), "which version it has");
    const info = await this.#call<analyzer.AnalyzerInfo>(
      (client, ...rest) => client.getAnalyzerInfo(new Empty(), ...rest),
      "which policies it has",
    );
    if (info === undefined) throw this.failure("it does not tell which policies it has");
    const description = this.#read(info, descriptionFrom);
    const version = this.pack.version ?? description.version;
    const configured = configurePolicies({ ...description, version }, this.options.settings);
    if (configured !== undefined && description.policies.length > 0) {
      await this.#call(
        (client, ...rest) => client.configure(configureRequest(configured), ...rest),
        "to its configuration",
      );
    }
    const policies = description.policies.map((policy) => ({
      ...policy,
      level: configured?.[policy.name]?.level ?? policy.level,
    }));
    return { name: description.name, version, policies };
  }

  async #ask<Response>(method: Method<Response>, subject: string): Promise<Response | undefined> {
    await this.ready;
    return this.#call(method, subject);
  }

  /** Asks the pack; undefined when it does not know the method, as an older SDK may not. */
  async #call<Response>(method: Method<Response>, subject: string): Promise<Response | undefined> {
    const client = this.#client;
    if (client === undefined) throw this.failure("it is not running");
    const { answerTimeout = TIMEOUT_MS } = this.options;
    try {
      return await new Promise<Response>((resolve, reject) => {
        method(client, new Metadata(), { deadline: Date.now() + answerTimeout }, (error, response) =>
          error ? reject(error) : resolve(response),
        );
      });
    } catch (error) {
      const { code, details } = error as ServiceError;
      if (code === status.UNIMPLEMENTED) return undefined;
      throw await this.#explain(code, details, subject);
    }
  }

  /** What stands in a pack's answer; one that breaks the protocol is the pack's failure. */
  #read<Message, T>(message: Message, read: (message: Message) => T): T {
    try {
      return read(message);
    } catch (error) {
      throw this.failure((error as Error).message);
    }
  }

  async #explain(code: status, details: string, subject: string): Promise<EngineError> {
    if (this.options.signal.aborted) return this.failure("cancelled");
    if (code === status.DEADLINE_EXCEEDED) {
      this.#stop();
      const { answerTimeout = TIMEOUT_MS } = this.options;
      return this.failure(`it did not answer ${subject} within ${answerTimeout / 1000} s`);
    }
    if (code === status.UNKNOWN) return this.failure(details);
    const how = await Promise.race([this.#process?.ended, after(GRACE_MS)]);
    if (how === undefined) return this.failure(`it did not answer ${subject}: ${details}`);
    return this.failure(`while it was to answer ${subject}, ${this.#process?.describeEnd(how)}`);
  }

  #hide(text: string): string {
    return withoutRevealed(text, this.target.hidden);
  }
}

function after(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds).unref());
}
