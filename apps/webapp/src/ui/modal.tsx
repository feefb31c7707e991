import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { Suspense } from "react";
import type { ReactElement, ReactNode } from "react";

/** A window over the page that holds it up until it is closed; `trigger` is the button that opens it. */
export function Modal({
  title,
  trigger,
  open,
  onOpenChange,
  children,
}: {
  title: string;
  trigger: ReactElement;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Exists only while it is open; it may be loaded then. */
  children: ReactNode;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Trigger render={trigger} />
      <Dialog.Portal>
        {/* Also over a panel, which is a window itself. */}
        <Dialog.Backdrop
          forceRender
          className="fixed inset-0 z-40 bg-black/40 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0"
        />
        <Dialog.Popup className="fixed inset-x-0 bottom-0 z-50 mx-auto max-h-[92dvh] w-full max-w-[34rem] overflow-y-auto rounded-t-xl border border-line-strong bg-paper shadow-xl outline-none sm:top-[8dvh] sm:bottom-auto sm:max-h-[84dvh] sm:rounded-xl">
          <header className="sticky top-0 z-10 flex items-center justify-between border-b border-line bg-paper py-3 pr-3 pl-5">
            <Dialog.Title className="text-[0.9375rem] font-semibold">{title}</Dialog.Title>
            <Dialog.Close
              aria-label="Close"
              className="flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink"
            >
              <X className="size-4" />
            </Dialog.Close>
          </header>
          <Suspense fallback={<p className="p-5 text-sm text-ink-faint">Loading…</p>}>
            {children}
          </Suspense>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
