// STUB
export const list: any = () => {
  throw new Error("not built yet");
};
// STUB
export const reportProgress: any = () => {
  throw new Error("not built yet");
};
// STUB
export const send: any = () => {
  throw new Error("not built yet");
};
