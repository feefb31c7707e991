// STUB
export const disconnect: any = () => {
  throw new Error("not built yet");
};
// STUB
export const listFor: any = () => {
  throw new Error("not built yet");
};
// STUB
export const register: any = () => {
  throw new Error("not built yet");
};
