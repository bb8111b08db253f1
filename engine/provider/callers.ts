/**
 * Who asks a served provider. Pulumi's CLI makes a connection of its own for each provider resource of a program, and
 * nothing else in its requests says which one they are for: so each connection gets a provider of its own, with the
 * configuration that came over it.
 *
 * A connection that was idle may be made anew without a word. What comes over one that configured nothing goes to the
 * provider that the others configured, if they all gave it the same.
 */
import { isDeepStrictEqual } from "node:util";
import { checked } from "./checked";
import { ProviderError } from "./errors";
import type { Failures } from "./failures";
import type { Provider, ProviderFactory } from "./provider";
import { ProviderService } from "./service";

/** Methods of ResourceProvider and the service beside it that a provider answers before it is configured. */
const BEFORE_CONFIGURE: ReadonlySet<string> = new Set([
  ...["handshake", "attach", "getPluginInfo", "getSchema", "checkConfig", "diffConfig", "configure"],
  ...["describe", "failure"],
]);

export class Callers {
  readonly #services = new Map<string, Promise<ProviderService>>();
  /** Every provider that was made, to be closed. */
  readonly #providers: Provider[] = [];
  /** Those that no connection has yet. */
  readonly #spare: ProviderService[] = [];

  private constructor(
    private readonly factory: ProviderFactory,
    private readonly failures: Failures,
  ) {}

  /** Makes the first provider at once: whatever keeps it from being made is better said before anyone connects. */
  static async begin(factory: ProviderFactory, failures: Failures): Promise<Callers> {
    const callers = new Callers(factory, failures);
    callers.#spare.push(await callers.#make());
    return callers;
  }

  /** A service whose methods every other one has. */
  get sample(): ProviderService {
    const [sample] = this.#spare;
    if (sample === undefined) throw new Error("the sample was asked for after the first connection");
    return sample;
  }

  /** The service that answers a method for the connection of this peer, `127.0.0.1:<port>`. */
  async serviceFor(peer: string, method: string): Promise<ProviderService> {
    const own = await this.#ownOf(peer);
    if (own.configuration !== undefined || BEFORE_CONFIGURE.has(method)) return own;
    return (await this.#onlyConfigured(own)) ?? own;
  }

  async close(): Promise<void> {
    await Promise.all(this.#providers.map((provider) => provider.close()));
  }

  #ownOf(peer: string): Promise<ProviderService> {
    const known = this.#services.get(peer);
    if (known !== undefined) return known;
    const spare = this.#spare.shift();
    const made = spare === undefined ? this.#make() : Promise.resolve(spare);
    this.#services.set(peer, made);
    return made;
  }

  async #make(): Promise<ProviderService> {
    const provider = await this.factory();
    this.#providers.push(provider);
    return new ProviderService(checked(provider), this.failures);
  }

  async #onlyConfigured(own: ProviderService): Promise<ProviderService | undefined> {
    const all = (await Promise.all(this.#services.values())).filter(
      ({ configuration }) => configuration !== undefined,
    );
    const newest = all.at(-1);
    if (all.every(({ configuration }) => isDeepStrictEqual(configuration, newest?.configuration))) {
      return newest;
    }
    throw new ProviderError(
      `${own.provider.name} provider: this connection has configured nothing, and others have configured it in different ways, so which one is meant is not known: run this again`,
    );
  }
}
