// STUB
export const list: any = () => {
  throw new Error("not built yet");
};
