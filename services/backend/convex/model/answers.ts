// STUB
export const once: any = () => {
  throw new Error("not built yet");
};
