import { networkInterfaces } from "node:os";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import { PortInUse, start } from "../src/index.ts";
import type { RunningDeployment } from "../src/index.ts";
import { ask, shakeHands, speak } from "./raw-http.ts";
import type { RawRequest } from "./raw-http.ts";
import { FUNCTIONS, scratch, serve } from "./serve.ts";

let harbor: RunningDeployment;

beforeEach(async () => {
  harbor = await serve();
});

const SEND: RawRequest = {
  method: "POST",
  path: "/api/mutation",
  body: JSON.stringify({ path: "messages:send", args: { room: "harbor", text: "hello" } }),
};
const JSON_TYPE = { "Content-Type": "application/json" };

async function messages(): Promise<unknown[]> {
  return await new ConvexHttpClient(harbor.url).query(anyApi["messages"]!["texts"]!, {
    room: "harbor",
  });
}

describe("a page of another origin (A1, A2, A4)", () => {
  test.each(["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1"])(
    "with Origin %s gets no socket",
    async (origin) => {
      expect(await shakeHands(harbor.url, { Origin: origin })).toBe("HTTP/1.1 403 Forbidden");
    },
  );

  test.each(["https://evil.example", "null"])("with Origin %s runs nothing", async (origin) => {
    const answer = await ask(harbor.url, { ...SEND, headers: { ...JSON_TYPE, Origin: origin } });
    expect(answer.status).toBe(403);
    expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    expect(await messages()).toEqual([]);
  });

  test.each([
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "",
  ])("cannot slip a simple POST (%s) past the missing preflight", async (type) => {
    const headers: Record<string, string> = type === "" ? {} : { "Content-Type": type };
    for (const origin of [{}, { Origin: "https://evil.example" }]) {
      const answer = await ask(harbor.url, { ...SEND, headers: { ...headers, ...origin } });
      expect(answer.status).toBe(403);
    }
    expect(await messages()).toEqual([]);
  });

  test("gets no answer to a preflight", async () => {
    const headers = { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" };
    const answer = await ask(harbor.url, { method: "OPTIONS", path: "/api/mutation", headers });
    expect(answer.status).toBe(403);
  });

  test("cannot call an http action, not even through an image", async () => {
    const post = { method: "POST", path: "/echo", body: "x" };
    const foreign = await ask(harbor.siteUrl, {
      ...post,
      headers: { Origin: "https://evil.example" },
    });
    const image = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors" };
    expect(foreign.status).toBe(403);
    expect((await ask(harbor.siteUrl, { path: "/echo", headers: image })).status).toBe(403);
  });

  test("may link to us", async () => {
    const link = { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate" };
    expect((await ask(harbor.url, { headers: link })).status).toBe(200);
  });
});

describe("a host name that is not ours (A3)", () => {
  const paths = ["/", "/version", "/api/query?path=messages:list", "/api/mutation", "/http/echo"];

  test.each(paths)("is refused on %s, whatever the Origin", async (path) => {
    for (const host of ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example"]) {
      const port = new URL(harbor.url).port;
      for (const name of [host, `evil.example:${port}`]) {
        expect((await ask(harbor.url, { path, headers: { Host: name } })).status).toBe(403);
        const both = { Host: name, Origin: `http://${name}` };
        expect((await ask(harbor.url, { path, headers: both })).status).toBe(403);
      }
    }
  });

  test("is refused on the site port and on the socket", async () => {
    const { port } = new URL(harbor.url);
    const host = { Host: `evil.example:${port}` };
    expect((await ask(harbor.siteUrl, { path: "/echo", headers: host })).status).toBe(403);
    expect(await shakeHands(harbor.url, host)).toBe("HTTP/1.1 403 Forbidden");
    const same = { ...host, Origin: `http://evil.example:${port}` };
    expect(await shakeHands(harbor.url, same)).toBe("HTTP/1.1 403 Forbidden");
  });

  test("cannot hide behind a second Host or a full URL", async () => {
    const { host } = new URL(harbor.url);
    const twice = `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`;
    const full = `GET http://evil.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    for (const bytes of [twice, full]) {
      expect(await speak(harbor.url, bytes)).toMatch(/^HTTP\/1\.1 40[03] /);
    }
  });

  test("is accepted when it was configured, from its own pages too", async () => {
    const configured = await serve({
      allowedHosts: ["mini.local"],
      allowedOrigins: ["http://mini.local:8080"],
    });
    const { port } = new URL(configured.url);
    const headers = { Host: `mini.local:${port}`, Origin: "http://mini.local:8080" };
    const answer = await ask(configured.url, { path: "/version", headers });
    expect(answer.status).toBe(200);
    expect(await shakeHands(configured.url, headers)).toBe("HTTP/1.1 101 Switching Protocols");
  });
});

describe("a program on this computer", () => {
  test("needs no Origin, and runs as nobody until it signs in", async () => {
    expect(await shakeHands(harbor.url, {})).toBe("HTTP/1.1 101 Switching Protocols");
    expect((await ask(harbor.url, { ...SEND, headers: JSON_TYPE })).status).toBe(200);
    const client = new ConvexHttpClient(harbor.url);
    expect(await client.query(anyApi["messages"]!["whoami"]!)).toBeNull();
  });

  test("and our own page may read what it asked for", async () => {
    const headers = { ...JSON_TYPE, Origin: harbor.url };
    const answer = await ask(harbor.url, { ...SEND, headers });
    expect(answer.status).toBe(200);
    expect(answer.headers["access-control-allow-origin"]).toBe(harbor.url);
    const preflight = { Origin: harbor.url, "Access-Control-Request-Headers": "authorization" };
    const permitted = await ask(harbor.url, {
      method: "OPTIONS",
      path: "/api/query",
      headers: preflight,
    });
    expect(permitted.status).toBe(204);
    expect(permitted.headers["access-control-allow-headers"]).toBe("authorization");
  });
});

test("nobody reaches it by another address (A5)", async () => {
  const { port } = new URL(harbor.url);
  const addresses = Object.values(networkInterfaces())
    .flatMap((interfaces) => interfaces ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4");
  for (const { address } of addresses) {
    await expect(speak(`http://${address}:${port}`, "")).rejects.toThrow(/ECONNREFUSED/);
  }
  expect((await ask(harbor.url, { path: "/version" })).status).toBe(200);
});

test("listening wider takes a flag, says what it exposes, and still knows only its own names", async () => {
  const lines: string[] = [];
  const wide = await serve({ host: "0.0.0.0", onLog: (line) => void lines.push(line) });
  expect(lines).toContainEqual(expect.stringContaining("whoever reaches this computer"));
  const lan = { Host: `192.168.1.7:${new URL(wide.url).port}` };
  expect((await ask(wide.url, { path: "/version", headers: lan })).status).toBe(403);
});

describe("a credential that is not valid (A6)", () => {
  const bad = ["", "undefined", "null", "changeme", "a|b", "x".repeat(12_000)];

  test.each(bad)("is not taken for nobody: Bearer %#", async (token) => {
    const headers = { ...JSON_TYPE, Authorization: `Bearer ${token}` };
    const answer = await ask(harbor.url, { ...SEND, headers });
    expect(answer.status).toBe(401);
    expect(await messages()).toEqual([]);
  });

  test.each([...bad, "prod:", ":e30="])("is not taken for the admin: Convex %#", async (key) => {
    for (const path of [
      "/api/function",
      "/api/update_environment_variables",
      "/api/deploy2/start_push",
    ]) {
      const headers = { ...JSON_TYPE, Authorization: `Convex ${key}` };
      expect((await ask(harbor.url, { method: "POST", path, headers, body: "{}" })).status).toBe(
        401,
      );
    }
  });

  test("is needed where the owner alone may go", async () => {
    for (const path of [
      "/api/function",
      "/api/update_environment_variables",
      "/api/get_config_hashes",
    ]) {
      const answer = await ask(harbor.url, {
        method: "POST",
        path,
        headers: JSON_TYPE,
        body: "{}",
      });
      expect(answer.status).toBe(401);
    }
  });

  test("is refused at the start if anyone could guess it", async () => {
    await expect(serve({ adminKey: "harbor|changeme" })).rejects.toThrow(/at least 32/);
  });
});

test("a port that another program holds is named", async () => {
  const port = Number(new URL(harbor.url).port);
  const second = start({ functions: FUNCTIONS, data: scratch(), port, sitePort: 0 });
  await expect(second).rejects.toThrow(PortInUse);
  await expect(second).rejects.toThrow(String(port));
});

test("a body that is too large is refused before it is read", async () => {
  const headers = { ...JSON_TYPE, "Content-Length": String(64 * 1024 * 1024) };
  const head = Object.entries({ Host: new URL(harbor.url).host, ...headers });
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  expect(await speak(harbor.url, `POST /api/mutation HTTP/1.1\r\n${lines}\r\n{`)).toMatch(/ 413 /);
});
