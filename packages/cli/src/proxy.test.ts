import { expect, test } from "vitest";
import { pastProxy } from "./proxy.ts";

const HTTP_PROXY = "http://proxy.example.test:3128";

test.each([
  ["no proxy", {}, {}],
  ["an empty one", { HTTP_PROXY: "", NO_PROXY: "a.test" }, {}],
  ["a proxy", { HTTP_PROXY }, { NO_PROXY: "127.0.0.1,localhost" }],
  ["one in small letters", { https_proxy: HTTP_PROXY }, { NO_PROXY: "127.0.0.1,localhost" }],
  ["one for everything", { ALL_PROXY: HTTP_PROXY }, { NO_PROXY: "127.0.0.1,localhost" }],
  [
    "a list, which stays",
    { HTTP_PROXY, NO_PROXY: "a.test, localhost" },
    { NO_PROXY: "a.test,localhost,127.0.0.1" },
  ],
  [
    "two lists, of which programs read either",
    { HTTP_PROXY, NO_PROXY: "a.test", no_proxy: "" },
    { NO_PROXY: "a.test,127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" },
  ],
  ["nothing by proxy", { HTTP_PROXY, NO_PROXY: "*" }, { NO_PROXY: "*" }],
])("this computer is never reached by way of a proxy: %s", (_what, env, changes) => {
  expect(pastProxy(env)).toEqual(changes);
  expect(pastProxy({ ...env, ...changes })).toEqual(changes);
});
