import { ConvexProvider, ConvexReactClient, useMutation, useQuery } from "convex/react";
import { anyApi } from "convex/server";
import { Window } from "happy-dom";
import { createElement } from "react";
import { expect, onTestFinished, test, vi } from "vitest";
import { serve } from "./serve.ts";

const { messages } = anyApi;

function Harbor() {
  const texts: string[] | undefined = useQuery(messages!["texts"]!, { room: "harbor" });
  const send = useMutation(messages!["send"]!);
  return createElement(
    "button",
    { onClick: () => void send({ room: "harbor", text: "hello" }) },
    texts === undefined ? "loading" : texts.join(", ") || "silence",
  );
}

test("a React page shows what is there, then what its button adds", async () => {
  const harbor = await serve();
  const window = new Window({ url: harbor.url });
  vi.stubGlobal("window", window);
  vi.stubGlobal("document", window.document);
  const { createRoot } = await import("react-dom/client");
  const client = new ConvexReactClient(harbor.url, { logger: false });
  const container = document.createElement("div");
  document.body.append(container);
  const root = createRoot(container);
  onTestFinished(async () => {
    root.unmount();
    await client.close();
    await window.happyDOM.close();
    vi.unstubAllGlobals();
  });
  root.render(createElement(ConvexProvider, { client }, createElement(Harbor)));
  await vi.waitFor(() => expect(container.textContent).toBe("silence"));
  container.querySelector("button")?.click();
  await vi.waitFor(() => expect(container.textContent).toBe("hello"));
});
