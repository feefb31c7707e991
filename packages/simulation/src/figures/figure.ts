/** Something that was measured in virtual time, and the most that it may be. */
export interface Figure {
  readonly name: string;
  readonly measured: number;
  readonly bound: number;
  readonly unit: string;
}

/** Whether it keeps its bound; what could not be measured does not. */
export function isKept({ measured, bound }: Figure): boolean {
  return Number.isFinite(measured) && measured <= bound;
}

/** The figures as a table. */
export function tableOf(figures: readonly Figure[]): string {
  return figures
    .map((figure) => {
      const { name, measured, bound, unit } = figure;
      const verdict = isKept(figure) ? "kept  " : "BROKEN";
      return `${verdict}  ${name}: ${rounded(measured)} ${unit}, at most ${rounded(bound)}`;
    })
    .join("\n");
}

function rounded(number: number): string {
  return Number.isInteger(number) ? String(number) : number.toFixed(2);
}
