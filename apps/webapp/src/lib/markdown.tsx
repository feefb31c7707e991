import { createContext, memo, useContext } from "react";
import type { ComponentProps } from "react";
import ReactMarkdown from "react-markdown";
import type { Components, ExtraProps } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";

/** Longer texts are shown as they are: parsing them would hold up the page, and nobody reads them as prose. */
const LONGEST = 20_000;

/** What may remain of a text that somebody else wrote; everything unnamed is dropped. */
const schema = {
  ...defaultSchema,
  protocols: { href: ["http", "https", "mailto"], src: ["http", "https"] },
};

/** A link holds no second one: an image in it is told to be a name only. */
const InLink = createContext(false);

const components: Components = { a: Link, img: Picture };

/** Text by others as Markdown: no HTML, no remote content, and links that say where they lead. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  if (text.length > LONGEST) return <div className="prose-message whitespace-pre-wrap">{text}</div>;
  return (
    <div className="prose-message">
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        rehypePlugins={[htmlAsText, [rehypeSanitize, schema]]}
        components={components}
      >
        {text}
      </ReactMarkdown>
    </div>
  );
});

/** As much of a syntax tree as is looked at here. */
interface Tree {
  type: string;
  value?: string;
  children?: Tree[];
}

/** HTML stays readable as the characters that were written, instead of disappearing. */
function htmlAsText() {
  return showRaw;
}

function showRaw(node: Tree): void {
  if (node.type === "raw") node.type = "text";
  for (const child of node.children ?? []) showRaw(child);
}

function Link({ href, children, node }: ComponentProps<"a"> & ExtraProps) {
  const url = absolute(href);
  if (url === null) return <span>{children}</span>;
  const host = url.protocol === "mailto:" ? "mail" : url.host;
  return (
    <>
      <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
        <InLink value>{children}</InLink>
      </a>
      {textOf(node) !== href && <Host name={host} />}
    </>
  );
}

/** An image is never fetched: loading it would tell its server who reads, and when. */
function Picture({ src, alt }: ComponentProps<"img"> & ExtraProps) {
  const inLink = useContext(InLink);
  const url = absolute(typeof src === "string" ? src : undefined);
  const label = `image${alt === undefined || alt === "" ? "" : `: ${alt}`}`;
  if (url === null || inLink) return <span className="text-ink-faint">[{label}]</span>;
  return (
    <>
      <a href={url.href} target="_blank" rel="noopener noreferrer nofollow">
        [{label}]
      </a>
      <Host name={url.host} />
    </>
  );
}

function Host({ name }: { name: string }) {
  return <span className="ml-1 font-mono text-[0.85em] text-ink-faint">({name})</span>;
}

/** Only absolute addresses are links: a relative one would lead into this page, under our own name. */
function absolute(href: string | undefined): URL | null {
  if (href === undefined || !/^(?:https?:|mailto:)/iu.test(href)) return null;
  return URL.canParse(href) ? new URL(href) : null;
}

function textOf(node: ExtraProps["node"]): string {
  const parts = (node?.children ?? []).map((child) => (child.type === "text" ? child.value : ""));
  return parts.join("");
}
