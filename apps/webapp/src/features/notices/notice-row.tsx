import { clsx } from "clsx";
import { Gauge, History, MessageCircleOff, OctagonX, RefreshCw, Sparkles, X } from "lucide-react";
import { addressOf } from "#lib/address.ts";
import type { Notice, Room } from "#lib/backend.ts";
import { plain } from "#lib/plain.ts";
import { Age } from "#ui/age.tsx";
import { Button } from "#ui/button.tsx";
import type { NoticeActions } from "./use-notices.ts";

const KINDS = {
  restart: { icon: RefreshCw, label: "Restart", bad: false },
  upgrade: { icon: Sparkles, label: "Upgrade", bad: false },
  cleanup: { icon: RefreshCw, label: "Clean-up", bad: false },
  late: { icon: History, label: "Late", bad: false },
  unanswered: { icon: MessageCircleOff, label: "Unanswered", bad: false },
  capped: { icon: Gauge, label: "Limit reached", bad: false },
  stopped: { icon: OctagonX, label: "Stopped", bad: true },
} as const satisfies Record<Notice["kind"], { icon: typeof X; label: string; bad: boolean }>;

/** One notice: what happened, since when, the button that helps, and the cross that ends it. */
export function NoticeRow({
  notice,
  rights,
  actions,
  onDismiss,
}: {
  notice: Notice;
  /** What the person may do in its room; none for the server's. */
  rights: Room["rights"];
  actions: Omit<NoticeActions, "dismiss">;
  /** Null for whoever may not. */
  onDismiss: (() => void) | null;
}) {
  const { icon: Icon, label, bad } = KINDS[notice.kind];
  return (
    <li
      data-notice={notice.kind}
      className={clsx(
        "flex items-start gap-2.5 border-b border-line px-3 py-1.5 text-sm wide:px-5",
        bad ? "bg-red-wash" : "bg-amber-wash",
      )}
    >
      <Icon
        className={clsx("mt-1.5 size-4 shrink-0", bad ? "text-red" : "text-amber")}
        aria-hidden="true"
      />
      <div className="min-w-0 flex-1 py-1">
        <p className="wrap-anywhere">
          <span className={clsx("font-semibold", bad ? "text-red" : "text-amber")}>{label}:</span>{" "}
          {plain(notice.text)}{" "}
          <Age since={notice.at} className="font-mono text-2xs text-ink-soft tabular-nums" />
        </p>
        {actions.problem !== null && (
          <p role="alert" className="mt-0.5 text-xs text-red">
            {actions.problem}
          </p>
        )}
      </div>
      {rights.includes("manage") && <Help notice={notice} actions={actions} />}
      {onDismiss !== null && (
        <button
          type="button"
          onClick={onDismiss}
          disabled={actions.busy}
          aria-label={`Dismiss: ${label}`}
          title={
            notice.scope === "room" ? "Dismiss it for everybody" : "Dismiss it in this browser"
          }
          className="flex size-7 shrink-0 items-center justify-center rounded-md text-ink-soft hover:bg-raised hover:text-ink"
        >
          <X className="size-4" />
        </button>
      )}
    </li>
  );
}

function Help({ notice, actions }: { notice: Notice; actions: Omit<NoticeActions, "dismiss"> }) {
  if (notice.action === "resume")
    return (
      <Button size="small" disabled={actions.busy} onClick={actions.resume}>
        Resume
      </Button>
    );
  if (notice.action === "configure" && notice.roomName !== null)
    return (
      <Button
        size="small"
        nativeButton={false}
        render={<a href={addressOf(notice.roomName, { kind: "schedules", id: "" })}>Limits</a>}
      />
    );
  return null;
}
