// STUB
export const cleanup: any = () => {
  throw new Error("not built yet");
};
