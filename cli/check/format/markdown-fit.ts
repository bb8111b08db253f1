/** Takes as much of a document as there is room for, and says what was left out. */

/** Rows with what stands before and after them. Without a row, none of it is written. */
export interface Section {
  /** What one row is, in the singular, for the line that says how many were left out. */
  readonly what: string;
  readonly open: string;
  readonly rows: readonly Row[];
  readonly close?: string;
}

export interface Row {
  /** Rows of the lowest rank are taken first, whichever section they stand in. */
  readonly rank: number;
  readonly text: string;
}

/** Room that is kept for the line that says what was left out. */
const LAST_WORDS = 400;

/** The document in the order of its sections, of at most so many characters and ending in a line break. */
export function fitted(head: string, sections: readonly Section[], most: number): string {
  let room = most - head.length - LAST_WORDS;
  const opened = new Set<Section>();
  const taken = new Set<Row>();
  const candidates = sections.flatMap((section) => section.rows.map((row) => ({ section, row })));
  for (const { section, row } of candidates.sort((a, b) => a.row.rank - b.row.rank)) {
    // A line break ends every part, and another one sets sections apart.
    const frame = opened.has(section) ? 0 : section.open.length + (section.close ?? "").length + 4;
    const size = frame + row.text.length + 1;
    if (size > room) continue;
    room -= size;
    opened.add(section);
    taken.add(row);
  }
  const parts = sections
    .filter((section) => opened.has(section))
    .map(({ open, rows, close }) =>
      [
        open,
        ...rows.filter((row) => taken.has(row)).map(({ text }) => text),
        ...(close === undefined ? [] : [close]),
      ].join("\n"),
    );
  return `${[head, ...parts, ...lastWords(sections, taken)].join("\n\n")}\n`;
}

function lastWords(sections: readonly Section[], taken: ReadonlySet<Row>): string[] {
  const left = new Map<string, number>();
  for (const { what, rows } of sections) {
    const count = rows.filter((row) => !taken.has(row)).length;
    if (count > 0) left.set(what, (left.get(what) ?? 0) + count);
  }
  if (left.size === 0) return [];
  const parts = [...left].map(([what, count]) => `${count} ${what}${count === 1 ? "" : "s"}`);
  return [
    `**Left out, because GitHub limits a comment's length:** ${parts.join(", ")}. \`npx kb check\` shows all.`,
  ];
}
