// STUB
export const sha256: any = () => {
  throw new Error("not built yet");
};
