// STUB
export const send: any = () => {
  throw new Error("not built yet");
};
