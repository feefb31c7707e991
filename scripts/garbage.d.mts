export function leaveGarbage(): void;
