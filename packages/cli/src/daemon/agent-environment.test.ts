import { expect, test } from "vitest";
import { agentEnvironment } from "./agent-environment.ts";

const place = {
  url: "http://127.0.0.1:3210",
  home: "/home/ada/.muster",
  roomId: "r1",
  role: "builder",
  marker: "m1",
};

test("an agent inherits an allow-list: neither secrets nor what makes programs load foreign code", () => {
  const environment = agentEnvironment(
    {
      HOME: "/home/ada",
      PATH: "/usr/bin",
      LD_PRELOAD: "/tmp/evil.so",
      NODE_OPTIONS: "--import /tmp/evil.mjs",
      GIT_SSH_COMMAND: "evil",
      AWS_SECRET_ACCESS_KEY: "planted",
      MUSTER_ROLE: "planner",
      MUSTER_JWT_KEY: "planted",
    },
    place,
  );

  expect(environment).toEqual({
    HOME: "/home/ada",
    NODE_COMPILE_CACHE: "/home/ada/.muster/cache",
    PATH: "/home/ada/.muster/bin:/usr/bin",
    MUSTER_URL: place.url,
    MUSTER_HOME: place.home,
    MUSTER_ROOM: "r1",
    MUSTER_ROLE: "builder",
    MUSTER_AGENT_MARKER: "m1",
  });
});
