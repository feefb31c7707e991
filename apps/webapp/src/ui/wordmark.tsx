import { clsx } from "clsx";

/** The sign of the house: an M drawn as seats in a formation, the last of them READY. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={clsx("shrink-0", className)}>
      <path
        d="M4 19V6l8 8 8-8v9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <g fill="currentColor">
        <circle cx="4" cy="19" r="2.3" />
        <circle cx="4" cy="6" r="2.3" />
        <circle cx="12" cy="14" r="2.3" />
        <circle cx="20" cy="6" r="2.3" />
      </g>
      <circle cx="20" cy="19" r="2.9" className="fill-green-dot" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5 text-ink">
      <Mark className="size-5" />
      <span className="text-[0.9375rem] font-semibold tracking-[-0.02em]">Muster</span>
    </span>
  );
}
