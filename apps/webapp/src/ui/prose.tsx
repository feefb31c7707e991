import { Suspense, lazy } from "react";

// Fetched while the page still signs in, so that the first messages are seldom seen plain.
const loading = import("#lib/markdown.tsx");
const Markdown = lazy(() => loading.then((module) => ({ default: module.Markdown })));

/** Text that somebody else wrote. Plain until the Markdown code has arrived, then formatted. */
export function Prose({ text }: { text: string }) {
  const plain = <div className="prose-message whitespace-pre-wrap">{text}</div>;
  return (
    <Suspense fallback={plain}>
      <Markdown text={text} />
    </Suspense>
  );
}
