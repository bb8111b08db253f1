/** Amounts of processor and memory as Kubernetes writes them (`250m`, `1.5Gi`), made comparable. */

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Cores with up to three decimals, or whole thousandths of a core. */
export const cpuPattern = /^(\d+(?:\.\d{1,3})?|\d+m)$/;

export const memoryPattern = /^\d+(?:\.\d+)?(?:[kMGT]|[KMGT]i)?$/;

/** Thousandths of a core. NaN when it is no amount. */
export function millicores(cpu: string): number {
  if (!cpuPattern.test(cpu)) return Number.NaN;
  return cpu.endsWith("m") ? Number(cpu.slice(0, -1)) : Math.round(Number(cpu) * 1000);
}

/** Bytes. NaN when it is no amount. */
export function bytes(memory: string): number {
  if (!memoryPattern.test(memory)) return Number.NaN;
  const unit = /[A-Za-z]*$/.exec(memory)?.[0] ?? "";
  return Number(memory.slice(0, memory.length - unit.length)) * (UNITS[unit] ?? Number.NaN);
}

/** Thousandths of a core, as Kubernetes writes them back. */
export function cpuText(thousandths: number): string {
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** Bytes in whole Mi, rounded up. */
export function memoryText(size: number): string {
  return `${Math.ceil(size / 2 ** 20)}Mi`;
}

/** Half of an amount as the namespace component computes it: whole thousandths of a core, whole Mi. */
export function half(amount: { cpu?: string | undefined; memory?: string | undefined }) {
  const { cpu, memory } = amount;
  return {
    ...(cpu !== undefined && { cpu: cpuText(Math.floor(millicores(cpu) / 2)) }),
    ...(memory !== undefined && { memory: `${Math.floor(bytes(memory) / 2 / 2 ** 20)}Mi` }),
  };
}
