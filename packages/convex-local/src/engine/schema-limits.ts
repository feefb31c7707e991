import { EngineError } from "./errors.ts";

/** What `schema.ts` exports about one table, as far as Convex bounds it. */
export interface TableLimited {
  readonly tableName: string;
  readonly indexes: readonly IndexLimited[];
}

interface IndexLimited {
  readonly indexDescriptor: string;
  readonly fields: readonly string[];
}

const NAME = /^[A-Za-z]\w{0,63}$/;
const MOST_INDEXES = 32;
const MOST_FIELDS = 16;
const BUILT_IN = new Set(["by_id", "by_creation_time"]);

/** Throws `functions_broken` for a schema that a deployment of Convex would not take either. */
export function refuseSchemaBeyondLimits(tables: readonly TableLimited[]): void {
  for (const { tableName, indexes } of tables) {
    const table = `table "${tableName}"`;
    refuse(!NAME.test(tableName), `${table} needs a name of letters, digits and underscores.`);
    refuse(
      indexes.length > MOST_INDEXES,
      `${table} has ${indexes.length} indexes, and at most ${MOST_INDEXES} are allowed.`,
    );
    for (const { indexDescriptor, fields } of indexes) {
      refuseIndex(`index "${indexDescriptor}" of ${table}`, indexDescriptor, fields);
    }
    const names = new Set(indexes.map(({ indexDescriptor }) => indexDescriptor));
    refuse(names.size < indexes.length, `${table} has two indexes of one name.`);
  }
}

function refuseIndex(index: string, name: string, fields: readonly string[]): void {
  refuse(!NAME.test(name), `${index} needs a name of letters, digits and underscores.`);
  refuse(BUILT_IN.has(name), `${index} has a name that every table uses already.`);
  refuse(fields.length === 0, `${index} has no fields.`);
  refuse(
    fields.length > MOST_FIELDS,
    `${index} has ${fields.length} fields, and at most ${MOST_FIELDS} are allowed.`,
  );
  refuse(new Set(fields).size < fields.length, `${index} names a field twice.`);
  const own = fields.find((field) => field === "_id" || field === "_creationTime");
  refuse(own !== undefined, `${index} names ${own}, which ends every index by itself.`);
}

function refuse(isWrong: boolean, why: string): void {
  if (isWrong) throw new EngineError("functions_broken", `The schema cannot be used: ${why}`);
}
