/**
 * Makes the outputs of a resource when they are first read. The SDK makes one for every property of every resource,
 * each of some thirty promises, and a program reads few of them. The SDK's own code still makes those that are read.
 * A registration that failed is told by the resource's URN, which is always made.
 */

/** Takes a property's value, whether it is known and secret, the resources it comes from, and an error. */
type Resolver = (
  value: unknown,
  isKnown: boolean,
  isSecret: boolean,
  dependencies?: unknown,
  error?: unknown,
) => void;

type Values = Readonly<Record<string, unknown>>;
type Transfer = (onto: Record<string, unknown>, label: string, props: Values) => Record<string, Resolver>;

/** The SDK's runtime/rpc.js. */
export interface SdkRpc {
  /** Puts an output for each property on a resource, and returns what gives them their values. */
  transferProperties?: Transfer;
}

/** These the SDK makes elsewhere, for every resource. */
const MADE_ELSEWHERE: ReadonlySet<string> = new Set(["id", "urn"]);

/** From now on, outputs are made when they are read. Leaves an SDK whose code is not as expected alone. */
export function deferOutputs(rpc: SdkRpc): void {
  const transfer = rpc.transferProperties;
  if (transfer === undefined || !isAsExpected(transfer)) return;
  rpc.transferProperties = (onto, label, props) => {
    const keys = Object.keys(props).filter((key) => !MADE_ELSEWHERE.has(key));
    // The SDK says what is wrong with a property that is there already.
    if (keys.some((key) => Object.hasOwn(onto, key))) return transfer(onto, label, props);
    return Object.fromEntries(
      keys.map((key) => [key, deferred(onto, key, () => transfer(onto, label, { [key]: props[key] }))]),
    );
  };
}

/** Puts a property on a resource for which `make` makes the output. */
function deferred(
  onto: Record<string, unknown>,
  key: string,
  make: () => Record<string, Resolver>,
): Resolver {
  let resolve: Resolver | undefined;
  let result: Parameters<Resolver> | undefined;
  const made = (): unknown => {
    delete onto[key];
    resolve = make()[key];
    if (result !== undefined) resolve?.(...result);
    return onto[key];
  };
  Object.defineProperty(onto, key, {
    configurable: true,
    enumerable: true,
    get: made,
    set: (value: unknown) => {
      Object.defineProperty(onto, key, { configurable: true, enumerable: true, writable: true, value });
    },
  });
  return (...given) => {
    result = given;
    resolve?.(...given);
  };
}

/** Whether the function puts an output on the resource and returns what resolves it, and nothing else. */
function isAsExpected(transfer: Transfer): boolean {
  const resource: Record<string, unknown> = {};
  const resolvers = transfer(resource, "probe", { property: undefined });
  const output = resource.property as { readonly __pulumiOutput?: unknown } | undefined;
  return (
    transfer.length === 3 &&
    output?.__pulumiOutput === true &&
    Object.keys(resource).join() === "property" &&
    Object.keys(resolvers).join() === "property" &&
    resolvers.property?.length === 3
  );
}
