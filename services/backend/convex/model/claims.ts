// STUB
export const claim: any = () => {
  throw new Error("not built yet");
};
// STUB
export const release: any = () => {
  throw new Error("not built yet");
};
// STUB
export const resume: any = () => {
  throw new Error("not built yet");
};
// STUB
export const start: any = () => {
  throw new Error("not built yet");
};
