// STUB
export const CODE_REFUSED: any = () => {
  throw new Error("not built yet");
};
// STUB
export const createCode: any = () => {
  throw new Error("not built yet");
};
// STUB
export const redeem: any = () => {
  throw new Error("not built yet");
};
