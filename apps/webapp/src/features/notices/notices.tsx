import { Suspense, lazy } from "react";
import type { Notice, Room } from "#lib/backend.ts";
import { useNotices } from "./use-notices.ts";

const NoticeList = lazy(() =>
  import("./notice-list.tsx").then((module) => ({ default: module.NoticeList })),
);

/** The notices that `of` picks; while there is none, nothing is loaded to show them. */
export function Notices({
  of,
  label,
  rights,
}: {
  of: (notice: Notice) => boolean;
  label: string;
  rights?: Room["rights"];
}) {
  const notices = useNotices().filter(of);
  if (notices.length === 0) return null;
  return (
    <Suspense fallback={null}>
      <NoticeList notices={notices} label={label} {...(rights !== undefined && { rights })} />
    </Suspense>
  );
}
