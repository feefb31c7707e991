import { compareValues, type JSONValue, type Value } from "convex/values";
import { type Document, fieldAt } from "../document.ts";
import { DeveloperError } from "../failure.ts";
import { valueOf } from "./range.ts";

type Operand = Value | undefined;

/** Whether the document passes a `.filter(…)` expression. Values of different types compare in Convex's order of types. */
export function passes(expression: JSONValue, document: Document): boolean {
  return Boolean(evaluate(expression, document));
}

function evaluate(expression: JSONValue, document: Document): Operand {
  const [operator, operand] = operation(expression);
  switch (operator) {
    case "$literal":
      return valueOf(operand);
    case "$field":
      return typeof operand === "string" ? fieldAt(document, operand) : undefined;
    case "$and":
      return list(operand).every((inner) => passes(inner, document));
    case "$or":
      return list(operand).some((inner) => passes(inner, document));
    case "$not":
      return !passes(operand, document);
    case "$neg":
      return negated(evaluate(operand, document));
    default: {
      const [left = null, right = null] = list(operand);
      return combine(operator, evaluate(left, document), evaluate(right, document));
    }
  }
}

function operation(expression: JSONValue): [string, JSONValue] {
  const entries =
    expression !== null && typeof expression === "object" ? Object.entries(expression) : [];
  const [first] = entries;
  if (entries.length !== 1 || first === undefined) {
    throw new DeveloperError("A filter is not an expression.");
  }
  return first;
}

function list(operand: JSONValue): readonly JSONValue[] {
  return Array.isArray(operand) ? operand : [];
}

function combine(operator: string, left: Operand, right: Operand): Operand {
  switch (operator) {
    case "$eq":
      return compareValues(left, right) === 0;
    case "$neq":
      return compareValues(left, right) !== 0;
    case "$lt":
      return compareValues(left, right) < 0;
    case "$lte":
      return compareValues(left, right) <= 0;
    case "$gt":
      return compareValues(left, right) > 0;
    case "$gte":
      return compareValues(left, right) >= 0;
    default:
      if (typeof left === "number" && typeof right === "number")
        return float(operator, left, right);
      if (typeof left === "bigint" && typeof right === "bigint") return int(operator, left, right);
      throw new DeveloperError(
        `A filter calculates (${operator}) with values that are not numbers of one type.`,
      );
  }
}

function float(operator: string, left: number, right: number): number {
  switch (operator) {
    case "$add":
      return left + right;
    case "$sub":
      return left - right;
    case "$mul":
      return left * right;
    case "$div":
      return left / right;
    case "$mod":
      return left % right;
    default:
      throw new DeveloperError(`A filter uses an unknown operator: ${operator}`);
  }
}

function int(operator: string, left: bigint, right: bigint): bigint {
  if ((operator === "$div" || operator === "$mod") && right === 0n) {
    throw new DeveloperError("A filter divides an integer by zero.");
  }
  const results: Record<string, () => bigint> = {
    $add: () => left + right,
    $sub: () => left - right,
    $mul: () => left * right,
    $div: () => left / right,
    $mod: () => left % right,
  };
  const result = results[operator]?.();
  if (result === undefined)
    throw new DeveloperError(`A filter uses an unknown operator: ${operator}`);
  if (BigInt.asIntN(64, result) !== result) {
    throw new DeveloperError("A filter's calculation exceeds 64 bits.");
  }
  return result;
}

function negated(operand: Operand): Operand {
  if (typeof operand === "number" || typeof operand === "bigint") return -operand;
  throw new DeveloperError("A filter negates a value that is not a number.");
}
