export function amountOf(
  name: string,
  text: string | undefined,
  otherwise: number,
  least?: number,
): number;
export function seedOf(env: { readonly MUSTER_SEED?: string | undefined }): number;
