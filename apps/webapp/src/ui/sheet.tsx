import { Dialog } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { X } from "lucide-react";
import { useRef } from "react";
import type { ReactNode } from "react";

export type SheetWidth = "medium" | "large";

/** A long line of a diff wants more room than a fact, and the messages keep theirs. */
const WIDTHS = {
  medium: "wide:w-[min(30rem,100vw-40rem)]",
  large: "wide:w-[min(44rem,100vw-40rem)]",
} satisfies Record<SheetWidth, string>;

/** Keeps the place of a sheet free, so that it covers nothing. */
export function SheetPlace({ width }: { width: SheetWidth }) {
  return <div className={clsx("shrink-0", WIDTHS[width])} />;
}

/**
 * A panel at the right edge while the room goes on beside it: nothing outside is blocked. Escape and the cross
 * close it; on a narrow screen it covers everything.
 */
export function Sheet({
  label,
  width,
  onClose,
  children,
}: {
  label: string;
  width: SheetWidth;
  onClose: () => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Dialog.Root
      open
      modal={false}
      disablePointerDismissal
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Popup
          ref={popup}
          initialFocus={popup}
          finalFocus={false}
          aria-label={label}
          className={clsx(
            "fixed inset-y-0 right-0 z-30 flex w-full flex-col border-l border-line-strong bg-paper outline-none motion-safe:animate-slide",
            WIDTHS[width],
          )}
        >
          <Dialog.Close
            aria-label="Close"
            title="Close (Esc)"
            className="absolute top-2.5 right-3 z-20 flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink"
          >
            <X className="size-4" />
          </Dialog.Close>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** The head of a sheet stays while its content scrolls. */
export function SheetHead({ children }: { children: ReactNode }) {
  return (
    <header className="sticky top-0 z-10 border-b border-line bg-paper py-3 pr-13 pl-5">
      {children}
    </header>
  );
}

export function SheetPart({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section aria-label={title} className="border-b border-line px-5 py-4 last:border-b-0">
      <h3 className="mb-2 flex items-baseline gap-2 text-xs font-medium text-ink-faint">
        {title}
        {aside !== undefined && <span className="ml-auto font-normal">{aside}</span>}
      </h3>
      {children}
    </section>
  );
}
