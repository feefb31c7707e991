// STUB
export const add: any = () => {
  throw new Error("not built yet");
};
// STUB
export const forMachine: any = () => {
  throw new Error("not built yet");
};
// STUB
export const kill: any = () => {
  throw new Error("not built yet");
};
// STUB
export const start: any = () => {
  throw new Error("not built yet");
};
// STUB
export const stop: any = () => {
  throw new Error("not built yet");
};
