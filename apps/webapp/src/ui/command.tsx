import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";

const SHOWN_MS = 1_600;

/** A command to run in a terminal, and a button that copies it. */
export function Command({ children }: { children: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void navigator.clipboard.writeText(children).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span className="flex max-w-full items-stretch rounded-md border border-line bg-sunken text-left">
      <code className="min-w-0 flex-1 px-2.5 py-1.5 font-mono text-xs break-words text-ink before:mr-1.5 before:text-ink-faint before:content-['$']">
        {children}
      </code>
      <button
        type="button"
        onClick={copy}
        aria-label={copied ? "Copied" : `Copy the command: ${children}`}
        className="flex w-8 shrink-0 items-center justify-center rounded-r-md border-l border-line text-ink-faint hover:bg-raised hover:text-ink"
      >
        {copied ? <Check className="size-3.5 text-green" /> : <Copy className="size-3.5" />}
      </button>
    </span>
  );
}
