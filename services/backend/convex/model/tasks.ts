// STUB
export const complete: any = () => {
  throw new Error("not built yet");
};
// STUB
export const handOff: any = () => {
  throw new Error("not built yet");
};
// STUB
export const inRoom: any = () => {
  throw new Error("not built yet");
};
// STUB
export const list: any = () => {
  throw new Error("not built yet");
};
// STUB
export const next: any = () => {
  throw new Error("not built yet");
};
// STUB
export const retry: any = () => {
  throw new Error("not built yet");
};
// STUB
export const view: any = () => {
  throw new Error("not built yet");
};
