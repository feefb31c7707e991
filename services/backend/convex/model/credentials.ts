// STUB
export const describe: any = () => {
  throw new Error("not built yet");
};
// STUB
export const present: any = () => {
  throw new Error("not built yet");
};
// STUB
export const redeem: any = () => {
  throw new Error("not built yet");
};
// STUB
export const revoke: any = () => {
  throw new Error("not built yet");
};
