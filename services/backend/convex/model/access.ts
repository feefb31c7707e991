// STUB
export const requireAgent: any = () => {
  throw new Error("not built yet");
};
// STUB
export const requireMachine: any = () => {
  throw new Error("not built yet");
};
// STUB
export const requireMachineOf: any = () => {
  throw new Error("not built yet");
};
// STUB
export const requireMember: any = () => {
  throw new Error("not built yet");
};
// STUB
export const requirePerson: any = () => {
  throw new Error("not built yet");
};
// STUB
export const requirePrincipal: any = () => {
  throw new Error("not built yet");
};
// STUB
export const requireRoomReader: any = () => {
  throw new Error("not built yet");
};
