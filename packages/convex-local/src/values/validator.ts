import type { JSONValue } from "convex/values";

/** A validator as the SDK exports it (`exportArgs`, `exportReturns`, `schema.export()`). */
export type ValidatorJson =
  | { readonly type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" }
  | { readonly type: "commitTs" }
  | { readonly type: "id"; readonly tableName: string }
  | { readonly type: "literal"; readonly value: JSONValue }
  | { readonly type: "array"; readonly value: ValidatorJson }
  | { readonly type: "union"; readonly value: readonly ValidatorJson[] }
  | { readonly type: "record"; readonly keys: ValidatorJson; readonly values: FieldJson }
  | ObjectJson;
type FieldJson = { readonly fieldType: ValidatorJson; readonly optional: boolean };
type ObjectJson = {
  readonly type: "object";
  readonly value: Readonly<Record<string, FieldJson>>;
};

/** Whether `id` is an id of the table with this name. */
export type IdCheck = (tableName: string, id: string) => boolean;

/**
 * Says in one sentence why a value (in Convex's JSON form) does not satisfy the validator, or answers undefined if it does.
 * Never throws, whatever the value.
 */
export function mismatch(
  value: JSONValue,
  validator: ValidatorJson,
  isIdOf: IdCheck,
): string | undefined {
  const found = find(value, validator, isIdOf);
  if (found === undefined) return undefined;
  const place = found.path === "" ? "" : `\nPath: ${found.path}`;
  return `${found.message}${place}\n\n${found.isObject ? "Object" : "Value"}: ${shown(found.value)}\nValidator: ${describe(found.validator)}`;
}

type Mismatch = {
  message: string;
  /** From the value that was asked about; each level puts its own step before. */
  path: string;
  value: JSONValue;
  validator: ValidatorJson;
  isObject?: boolean;
};

function find(value: JSONValue, validator: ValidatorJson, isIdOf: IdCheck): Mismatch | undefined {
  switch (validator.type) {
    case "any":
      return undefined;
    case "null":
      return value === null ? undefined : wrong(value, validator);
    case "boolean":
    case "string":
      return typeof value === validator.type ? undefined : wrong(value, validator);
    case "number":
      return typeof value === "number" || isTagged(value, "$float")
        ? undefined
        : wrong(value, validator);
    case "bigint":
      return isTagged(value, "$integer") ? undefined : wrong(value, validator);
    case "commitTs":
      return isTagged(value, "$integer") || isTagged(value, "$commitTs")
        ? undefined
        : wrong(value, validator);
    case "bytes":
      return isTagged(value, "$bytes") ? undefined : wrong(value, validator);
    case "literal":
      return isLiteral(value, validator.value) ? undefined : wrong(value, validator);
    case "id":
      if (typeof value !== "string") return wrong(value, validator);
      return isIdOf(validator.tableName, value)
        ? undefined
        : {
            ...wrong(value, validator),
            message: `Found a value that is not an id of table \`${validator.tableName}\`.`,
          };
    case "union":
      return validator.value.some((member) => find(value, member, isIdOf) === undefined)
        ? undefined
        : wrong(value, validator);
    case "array":
      return Array.isArray(value)
        ? findInArray(value, validator.value, isIdOf)
        : wrong(value, validator);
    case "record":
      return isPlainObject(value)
        ? findInRecord(value, validator, isIdOf)
        : wrong(value, validator);
    default:
      return isPlainObject(value)
        ? findInObject(value, validator, isIdOf)
        : wrong(value, validator);
  }
}

function wrong(value: JSONValue, validator: ValidatorJson): Mismatch {
  return { message: "Value does not match validator.", path: "", value, validator };
}

function within(step: string, found: Mismatch): Mismatch {
  found.path = step + found.path;
  return found;
}

function isLiteral(value: JSONValue, literal: JSONValue): boolean {
  if (typeof literal !== "object") return value === literal;
  return JSON.stringify(value) === JSON.stringify(literal);
}

function findInArray(
  elements: readonly JSONValue[],
  validator: ValidatorJson,
  isIdOf: IdCheck,
): Mismatch | undefined {
  for (const [at, element] of elements.entries()) {
    const found = find(element, validator, isIdOf);
    if (found !== undefined) return within(`[${at}]`, found);
  }
  return undefined;
}

function findInRecord(
  object: Readonly<Record<string, JSONValue>>,
  validator: { readonly keys: ValidatorJson; readonly values: FieldJson },
  isIdOf: IdCheck,
): Mismatch | undefined {
  for (const [key, value] of Object.entries(object)) {
    const found =
      find(key, validator.keys, isIdOf) ?? find(value, validator.values.fieldType, isIdOf);
    if (found !== undefined) return within(`.${key}`, found);
  }
  return undefined;
}

function findInObject(
  object: Readonly<Record<string, JSONValue>>,
  validator: ObjectJson,
  isIdOf: IdCheck,
): Mismatch | undefined {
  for (const name in validator.value) {
    const field = validator.value[name];
    if (field === undefined) continue;
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    if (value === undefined) {
      if (field.optional) continue;
      const message = `Object is missing the required field \`${name}\`. Consider \`v.optional(...)\` if it may be absent.`;
      return { message, path: "", value: object as JSONValue, validator, isObject: true };
    }
    const found = find(value, field.fieldType, isIdOf);
    if (found !== undefined) return within(`.${name}`, found);
  }
  const extra = Object.keys(object).find((name) => !Object.hasOwn(validator.value, name));
  if (extra === undefined) return undefined;
  const message = `Object contains extra field \`${extra}\` that is not in the validator.`;
  return { message, path: "", value: object as JSONValue, validator, isObject: true };
}

/** `{"$integer": …}` and its kind: the JSON form of a value that JSON does not have. */
function isTagged(value: JSONValue, tag: string): boolean {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === tag;
}

function isPlainObject(value: JSONValue): value is { [key: string]: JSONValue } {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length !== 1 || keys[0]?.startsWith("$") !== true;
}

const LONGEST_SHOWN = 1000;

function shown(value: JSONValue): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** The validator as one would write it, `v.object({name: v.string()})`. */
function describe(validator: ValidatorJson): string {
  switch (validator.type) {
    case "id":
      return `v.id("${validator.tableName}")`;
    case "literal":
      return `v.literal(${JSON.stringify(validator.value)})`;
    case "array":
      return `v.array(${describe(validator.value)})`;
    case "union":
      return `v.union(${validator.value.map(describe).join(", ")})`;
    case "record":
      return `v.record(${describe(validator.keys)}, ${describe(validator.values.fieldType)})`;
    case "object": {
      const fields = Object.entries(validator.value).map(([name, field]) => {
        const type = describe(field.fieldType);
        return `${name}: ${field.optional ? `v.optional(${type})` : type}`;
      });
      return `v.object({${fields.join(", ")}})`;
    }
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "commitTs":
      return "v.commitTs()";
    default:
      return `v.${validator.type}()`;
  }
}
