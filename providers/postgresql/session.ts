/** One connection in use: statements in, rows out. */
import type { ClientBase } from "pg";

export class Session {
  constructor(
    private readonly client: ClientBase,
    readonly database: string,
  ) {}

  /** Rows of a query with parameters. */
  async rows<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.client.query<Row & object>(sql, [...values]);
    return rows;
  }

  /** The only row, or the first one; undefined when there is none. */
  async row<Row>(sql: string, values: readonly unknown[] = []): Promise<Row | undefined> {
    const [row] = await this.rows<Row>(sql, values);
    return row;
  }

  /** Runs statements in the order given; empty ones are left out. */
  async run(...statements: readonly (string | undefined)[]): Promise<void> {
    for (const statement of statements) if (statement) await this.client.query(statement);
  }
}
