// STUB
export const run: any = () => {
  throw new Error("not built yet");
};
