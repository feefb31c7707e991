// STUB
export const evidence: any = () => {
  throw new Error("not built yet");
};
