import type { Notice, Room } from "#lib/backend.ts";
import { NoticeRow } from "./notice-row.tsx";
import { putAway, usePutAway } from "./put-away.ts";
import { useNoticeActions } from "./use-notices.ts";

const NOTHING: Room["rights"] = [];

/** Notices at the head of what they are about; told at once to whoever listens to the page. */
export function NoticeList({
  notices,
  label,
  rights = NOTHING,
}: {
  notices: readonly Notice[];
  label: string;
  rights?: Room["rights"];
}) {
  const away = usePutAway();
  const shown = notices.filter(({ _id }) => !away.includes(_id));
  if (shown.length === 0) return null;
  return (
    <section aria-label={label} role="status" className="max-h-[30dvh] shrink-0 overflow-y-auto">
      <ul>
        {shown.map((notice) =>
          notice.scope === "server" ? (
            <NoticeRow
              key={notice._id}
              notice={notice}
              rights={NOTHING}
              actions={IDLE}
              onDismiss={() => putAway(notice)}
            />
          ) : (
            <RoomNotice key={notice._id} notice={notice} rights={rights} />
          ),
        )}
      </ul>
    </section>
  );
}

const IDLE = { busy: false, problem: null, resume: () => {} };

function RoomNotice({ notice, rights }: { notice: Notice; rights: Room["rights"] }) {
  const actions = useNoticeActions(notice);
  return (
    <NoticeRow
      notice={notice}
      rights={rights}
      actions={actions}
      onDismiss={rights.includes("send") ? actions.dismiss : null}
    />
  );
}
