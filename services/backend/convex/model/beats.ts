// STUB
export const daemonHeartbeat: any = () => {
  throw new Error("not built yet");
};
