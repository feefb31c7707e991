/** What of a schedule's answers is shown: quiet OK lines, news, and the mark that it runs at all. */
export type Visibility = {
  readonly showOk: boolean;
  readonly showAlerts: boolean;
  readonly indicator: boolean;
};

export const DEFAULT_VISIBILITY: Visibility = { showOk: true, showAlerts: true, indicator: true };

/** Each setting by itself: the room's, else the channel's, else the default. */
export function visibilityOf(
  room: Partial<Visibility> = {},
  channel: Partial<Visibility> = {},
): Visibility {
  const pick = (setting: keyof Visibility) =>
    room[setting] ?? channel[setting] ?? DEFAULT_VISIBILITY[setting];
  return { showOk: pick("showOk"), showAlerts: pick("showAlerts"), indicator: pick("indicator") };
}

/** Whether anybody could see that it ran; if not, it need not run. */
export function showsAnything({ showOk, showAlerts, indicator }: Visibility): boolean {
  return showOk || showAlerts || indicator;
}
