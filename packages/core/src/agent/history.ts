/** How many of a role's last events are kept: what a person scrolls through to see why it died again. */
export const HISTORY_LENGTH = 50;
