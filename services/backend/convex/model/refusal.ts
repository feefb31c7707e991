// STUB
export const refusalOf: any = () => {
  throw new Error("not built yet");
};
