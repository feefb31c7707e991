// STUB
export const bootstrap: any = () => {
  throw new Error("not built yet");
};
