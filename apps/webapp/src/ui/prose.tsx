import { Suspense, lazy } from "react";

const Markdown = lazy(() =>
  import("#lib/markdown.tsx").then((module) => ({ default: module.Markdown })),
);

/** Text that somebody else wrote. Plain until the Markdown code has arrived, then formatted. */
export function Prose({ text }: { text: string }) {
  const plain = <div className="prose-message whitespace-pre-wrap">{text}</div>;
  return (
    <Suspense fallback={plain}>
      <Markdown text={text} />
    </Suspense>
  );
}
