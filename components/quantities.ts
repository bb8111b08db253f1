/**
 * Amounts of processor and memory as Kubernetes writes them (`250m`, `1.5Gi`), made comparable. Amounts that
 * are computed here are written the way the API server writes them back, so that they never show as drift.
 */
import type { Problems } from "./problems";

/** An amount of processor and memory. */
export interface Amount {
  /** Processor cores: `"2"`, `500m` (thousandths). */
  readonly cpu: string;
  /** Memory in bytes: `256Mi`, `2Gi`. */
  readonly memory: string;
}

/** What a container asks for, and what it may use at most. */
export interface Resources {
  /** What the scheduler keeps free for it. */
  readonly requests: Amount;
  /** Above it the processor is throttled, and the container ended when it takes more memory. */
  readonly limits: Amount;
}

const BINARY = ["", "Ki", "Mi", "Gi", "Ti"];
const DECIMAL = ["", "k", "M", "G", "T"];

/** Thousandths of a core; undefined when it is no amount of processor. */
export function millicores(cpu: string): number | undefined {
  const [, digits, thousandths] = /^(\d+(?:\.\d{1,3})?)(m?)$/.exec(cpu) ?? [];
  if (digits === undefined || (thousandths && digits.includes("."))) return undefined;
  return Math.round(Number(digits) * (thousandths ? 1 : 1000));
}

/** Bytes; undefined when it is no amount of memory. */
export function bytes(memory: string): number | undefined {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)([A-Za-z]{0,2})$/.exec(memory) ?? [];
  if (digits === undefined) return undefined;
  if (BINARY.includes(unit)) return Number(digits) * 1024 ** BINARY.indexOf(unit);
  if (DECIMAL.includes(unit)) return Number(digits) * 1000 ** DECIMAL.indexOf(unit);
  return undefined;
}

/** Half of a well-formed amount, rounded down to thousandths of a core and whole Mi. */
export function half(amount: Amount): Amount {
  const cores = Math.floor((millicores(amount.cpu) ?? 0) / 2);
  let size = Math.floor((bytes(amount.memory) ?? 0) / 2 / 1024 ** 2);
  let unit = BINARY.indexOf("Mi");
  while (size > 0 && size % 1024 === 0 && unit < BINARY.length - 1) {
    size /= 1024;
    unit++;
  }
  return { cpu: cores % 1000 === 0 ? String(cores / 1000) : `${cores}m`, memory: `${size}${BINARY[unit]}` };
}

/** The smaller of two amounts, part by part; one that is no amount counts as more. */
export function smaller(one: Amount, other: Amount): Amount {
  const [cpu, otherCpu] = [millicores(one.cpu), millicores(other.cpu) ?? Number.POSITIVE_INFINITY];
  const [memory, otherMemory] = [bytes(one.memory), bytes(other.memory) ?? Number.POSITIVE_INFINITY];
  return {
    cpu: (cpu ?? Number.POSITIVE_INFINITY) <= otherCpu ? one.cpu : other.cpu,
    memory: (memory ?? Number.POSITIVE_INFINITY) <= otherMemory ? one.memory : other.memory,
  };
}

/** Notes what is no amount. Answers whether both parts are one, and more than nothing. */
export function checkAmount(problems: Problems, property: string, amount: Amount): boolean {
  const cpu = (millicores(amount.cpu) ?? 0) > 0;
  const memory = (bytes(amount.memory) ?? 0) > 0;
  problems.require(cpu, `${property}.cpu`, amount.cpu, 'cores such as "2" or 250m', "correct the amount");
  problems.require(
    memory,
    `${property}.memory`,
    amount.memory,
    "bytes such as 256Mi or 2Gi",
    "correct the amount",
  );
  return cpu && memory;
}

/** Notes where `amount` exceeds `bound`; says nothing where one of them is no amount. */
export function checkWithin(
  problems: Problems,
  property: string,
  amount: Amount,
  bound: Amount,
  boundName: string,
): void {
  const parts = [
    ["cpu", millicores],
    ["memory", bytes],
  ] as const;
  for (const [part, measure] of parts) {
    const [size, most] = [measure(amount[part]), measure(bound[part])];
    if (size === undefined || most === undefined) continue;
    const allowed = `at most ${boundName}.${part}, ${bound[part]}`;
    problems.require(size <= most, `${property}.${part}`, amount[part], allowed, "lower it or raise that");
  }
}

/** Notes amounts that are none, and requests above their limits. */
export function checkResources(problems: Problems, property: string, resources: Resources): void {
  checkAmount(problems, `${property}.requests`, resources.requests);
  checkAmount(problems, `${property}.limits`, resources.limits);
  checkWithin(problems, `${property}.requests`, resources.requests, resources.limits, `${property}.limits`);
}
