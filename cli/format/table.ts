/** A table of resources: a sign before each row, columns as wide as they need, and no line wider than the terminal. */
import type { Paint } from "./color";

export interface TableRow {
  readonly sign: string;
  readonly color: Parameters<Paint>[0];
  readonly cells: readonly string[];
  /** Colour of the whole row, where it is to be noticed. */
  readonly highlight?: Parameters<Paint>[0];
}

export interface TableOptions {
  readonly paint: Paint;
  /** Columns of the terminal; undefined leaves lines as long as they are. */
  readonly width: number | undefined;
}

/** Columns of the terminal that a stream leads to; undefined where it leads elsewhere, or the terminal does not say. */
export function terminalWidth({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY === true && columns > 0 ? columns : undefined;
}

/** Columns that the sign and the space around it take. */
const MARGIN = 5;
const GAP = "  ";

/** The titles, then a line for each row. A column in which no row says anything is left out. */
export function tableLines(
  titles: readonly string[],
  rows: readonly TableRow[],
  { paint, width }: TableOptions,
): string[] {
  const columns = titles
    .map((title, index) => ({ title, index, cells: rows.map(({ cells }) => cells[index] ?? "") }))
    .filter(({ cells }) => cells.some((cell) => cell !== ""))
    .map(({ title, index, cells }) => ({
      title,
      index,
      width: Math.max(...[title, ...cells].map((cell) => cell.length)),
    }));
  const line = (cellOf: (column: (typeof columns)[number]) => string): string => {
    const text = columns.map((column) => cellOf(column).padEnd(column.width)).join(GAP);
    return fit(text.trimEnd(), width === undefined ? undefined : width - MARGIN);
  };
  return [
    `${" ".repeat(MARGIN)}${paint(
      "bold",
      line(({ title }) => title),
    )}`,
    ...rows.map(({ sign, color, cells, highlight }) => {
      const text = line(({ index }) => cells[index] ?? "");
      const space = " ".repeat(MARGIN - 1 - sign.length);
      return ` ${paint(highlight ?? color, sign)}${space}${highlight === undefined ? text : paint(highlight, text)}`;
    }),
  ];
}

function fit(text: string, width: number | undefined): string {
  return width === undefined || text.length <= width ? text : `${text.slice(0, Math.max(1, width - 1))}…`;
}
