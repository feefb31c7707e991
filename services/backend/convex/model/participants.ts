// STUB
export const updateAgentStatus: any = () => {
  throw new Error("not built yet");
};
