// STUB
export const claim: any = () => {
  throw new Error("not built yet");
};
// STUB
export const finish: any = () => {
  throw new Error("not built yet");
};
// STUB
export const forMachine: any = () => {
  throw new Error("not built yet");
};
