// STUB
export const complete: any = () => {
  throw new Error("not built yet");
};
// STUB
export const handOff: any = () => {
  throw new Error("not built yet");
};
