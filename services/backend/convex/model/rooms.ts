// STUB
export const create: any = () => {
  throw new Error("not built yet");
};
// STUB
export const describe: any = () => {
  throw new Error("not built yet");
};
// STUB
export const getTeamReadiness: any = () => {
  throw new Error("not built yet");
};
// STUB
export const listFor: any = () => {
  throw new Error("not built yet");
};
