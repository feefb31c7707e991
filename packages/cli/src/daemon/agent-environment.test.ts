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

test("an agent keeps the proxy that its model may need, and reaches the backend of this computer without it", () => {
  const proxies = {
    HTTPS_PROXY: "http://proxy.example.test:3128",
    http_proxy: "http://proxy.example.test:3128",
    NODE_USE_ENV_PROXY: "1",
  };
  expect(agentEnvironment({ ...proxies, no_proxy: "a.test" }, place)).toMatchObject({
    ...proxies,
    no_proxy: "a.test,127.0.0.1,localhost",
  });
  expect(agentEnvironment({ NO_PROXY: "a.test" }, place)).toMatchObject({ NO_PROXY: "a.test" });
});
