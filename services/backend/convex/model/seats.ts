// STUB
export const heartbeat: any = () => {
  throw new Error("not built yet");
};
// STUB
export const join: any = () => {
  throw new Error("not built yet");
};
// STUB
export const leave: any = () => {
  throw new Error("not built yet");
};
// STUB
export const park: any = () => {
  throw new Error("not built yet");
};
