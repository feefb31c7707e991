import { renderHook } from "@testing-library/react";
import { ConvexProvider, ConvexReactClient } from "convex/react";
import type { ReactNode } from "react";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { useFirstRoom } from "./use-first-room.ts";

const client = new ConvexReactClient("http://127.0.0.1:1", { logger: false });
const query = vi.spyOn(client, "query");
const wrapper = ({ children }: { children: ReactNode }) => (
  <ConvexProvider client={client}>{children}</ConvexProvider>
);
beforeEach(() => {
  query.mockReset();
  location.hash = "";
});
afterAll(async () => await client.close());

const begin = (named: boolean, fallback: string | null) =>
  renderHook(() => useFirstRoom(named, fallback), { wrapper });

test("an address without a room becomes that of the room where the person begins", async () => {
  query.mockResolvedValue({ room: "harbor" });
  begin(false, "c3");
  await vi.waitFor(() => expect(location.hash).toBe("#/harbor"));
  expect(query).toHaveBeenCalledOnce();
});

test("a room is entered also when the backend cannot say which", async () => {
  query.mockRejectedValue(new Error("away"));
  begin(false, "c3");
  await vi.waitFor(() => expect(location.hash).toBe("#/c3"));
});

test("a person who named a room stays there, and without a room nothing is asked", () => {
  begin(true, "c3");
  begin(false, null);
  expect(query).not.toHaveBeenCalled();
});
