// STUB
export const signToken: any = () => {
  throw new Error("not built yet");
};
