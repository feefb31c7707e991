// STUB
export const report: any = () => {
  throw new Error("not built yet");
};
