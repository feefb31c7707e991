import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { seat } from "../../test/cast.ts";
import { readiness } from "./room-header.tsx";
import { RoomList } from "./room-list.tsx";
import { NeedsYou } from "./room-signs.tsx";
import { TeamDotsView } from "./team-dots.tsx";

test("a team's dots are also words", () => {
  render(<TeamDotsView team={[seat(), builder("dead")]} />);
  expect(screen.getByText("planner ready, builder dead")).toBeTruthy();
});

const builder = (agentStatus: "ready" | "dead" | "offline") =>
  seat({ role: "builder", agentStatus });

test("the room's head says the worst news first", () => {
  expect(readiness([seat(), builder("ready")])).toBe("everyone is here");
  expect(readiness([seat(), builder("offline")])).toBe("1 of 2 here");
  expect(readiness([seat(), builder("dead")])).toBe("builder dead");
});

test("without a room the list says so instead of being empty", () => {
  render(<RoomList rooms={[]} current={null} />);
  expect(screen.getByText("No room is open")).toBeTruthy();
});

test("a room where an agent waits for a person says so in words, and names the agent", () => {
  const { container, rerender } = render(<NeedsYou team={[seat()]} />);
  expect(container.textContent).toBe("");
  rerender(<NeedsYou team={[seat(), seat({ role: "builder", needsYou: true })]} />);
  expect(container.textContent).toBe("builder needs you");
});
