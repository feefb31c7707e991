import { expect, test } from "vitest";
import { redact } from "./redact.ts";
import { SECRETS } from "./secrets.ts";

const hex = (length: number) => "0f9e8d7c6b5a4321".repeat(8).slice(0, length);
const word = (length: number) => "aZ3kQ9xW7mB2".repeat(12).slice(0, length);
const upper = (length: number) => "A7KQ2ZX9".repeat(12).slice(0, length);

/** One of each, put together here so that no scanner of this repository takes it for a real one. */
const SAMPLES: Readonly<Record<keyof typeof SECRETS, string>> = {
  "Muster's own": `muster_${hex(64)}`,
  "a sign-in code": `${hex(12)}-${hex(32)}`,
  "a deployment's admin key": `harbor|${hex(64)}`,
  "a token of any issuer (JWT)": `eyJ${word(30)}.eyJ${word(40)}.${word(40)}`,
  "a private JWK": `"d":"${word(43)}"`,
  age: `AGE-SECRET-KEY-1${upper(58)}`,
  AWS: `AKIA${upper(16)}`,
  "an AWS Bedrock key": `ABSK${word(60)}`,
  "Azure Active Directory": `x~18Q~${word(34)}`,
  "a signed Azure address": `sig=${word(43)}%3D`,
  Google: `AIza${word(35)}`,
  "Google OAuth": `ya29.${word(60)}`,
  "a Google refresh token": `1//0${word(60)}`,
  "a Google client": `GOCSPX-${word(28)}`,
  DigitalOcean: `dop_v1_${hex(64)}`,
  Heroku: `HRKU-${word(60)}`,
  Fly: `fm2_${word(60)}`,
  Netlify: `nfp_${word(36)}`,
  Vercel: `vercel_blob_rw_${word(40)}`,
  Supabase: `sbp_${hex(40)}`,
  PlanetScale: `pscale_tkn_${word(43)}`,
  Neon: `napi_${hex(60)}`,
  Databricks: `dapi${hex(32)}-2`,
  Tailscale: `tskey-auth-${word(30)}`,
  Vault: `hvs.${word(60)}`,
  Terraform: `${word(14)}.atlasv1.${word(60)}`,
  Pulumi: `pul-${hex(40)}`,
  Doppler: `dp.pt.${word(43)}`,
  "1Password": `A3-${["QZ7K2M", "ABC123DEF45", "GH7K2", "MN3P4", "QR5S6", "TV7W8"].join("-")}`,
  GitHub: `ghp_${word(36)}`,
  "GitHub, fine-grained": `github_pat_${word(22)}_${word(59)}`,
  GitLab: `glpat-${word(20)}`,
  Bitbucket: `ATBB${word(32)}`,
  Atlassian: `ATATT3${word(80)}`,
  CircleCI: `CCIPAT_${word(22)}_${hex(40)}`,
  Buildkite: `bkua_${hex(40)}`,
  npm: `npm_${word(36)}`,
  PyPI: `pypi-${word(80)}`,
  RubyGems: `rubygems_${hex(48)}`,
  "crates.io": `cio${word(32)}`,
  NuGet: `oy2${word(43).toLowerCase()}`,
  Docker: `dckr_pat_${word(27)}`,
  "OpenAI, Anthropic, Stripe and all who say sk": `sk-ant-api03-${word(90)}`,
  "a Stripe webhook": `whsec_${word(32)}`,
  "Hugging Face": `hf_${word(34)}`,
  Groq: `gsk_${word(52)}`,
  xAI: `xai-${word(80)}`,
  Perplexity: `pplx-${word(48)}`,
  Replicate: `r8_${word(37)}`,
  Square: `sq0atp-${word(22)}`,
  Shopify: `shpat_${hex(32)}`,
  PayPal: `access_token$production$${word(16)}$${hex(32)}`,
  Slack: `xoxb-123456789012-${word(24)}`,
  "a Slack app": `xapp-1-${upper(11)}-${hex(40)}`,
  "a Slack webhook": `hooks.slack.com/services/${upper(9)}/${upper(9)}/${word(24)}`,
  Discord: `M${word(25)}.${word(6)}.${word(38)}`,
  "a Discord webhook": `discord.com/api/webhooks/123456789012345678/${word(60)}`,
  Telegram: `123456789:AA${word(33)}`,
  Twilio: `SK${hex(32)}`,
  SendGrid: `SG.${word(22)}.${word(43)}`,
  Mailgun: `key-${hex(32)}`,
  Mailchimp: `${hex(32)}-us12`,
  Linear: `lin_api_${word(40)}`,
  Notion: `ntn_${word(46)}`,
  Figma: `figd_${word(40)}`,
  Airtable: `pat${word(14)}.${hex(64)}`,
  Postman: `PMAK-${hex(24)}-${hex(34)}`,
  Grafana: `glsa_${word(32)}_${hex(8)}`,
  "New Relic": `NRAK-${upper(27)}`,
  Sentry: `sntrys_${word(80)}`,
  Dynatrace: `dt0c01.${upper(24)}.${upper(64)}`,
};

test("there is an example of every kind of secret, and more than fifty kinds", () => {
  expect(Object.keys(SAMPLES)).toEqual(Object.keys(SECRETS));
  expect(Object.keys(SAMPLES).length).toBeGreaterThan(50);
});

/** Every place in which a program may print it. */
const PLACES: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `using ${secret} now`,
  (secret) => `{"value":"${secret}"}`,
  (secret) => `X=${secret}\nY=1`,
  (secret) => `https://example.test/?k=${secret}&x=1`,
  (secret) => `+const key = '${secret}';`,
  (secret) => `\u001B[31m${secret}\u001B[0m`,
];

test.each(Object.entries(SAMPLES))("%s leaks nowhere", (_kind, secret) => {
  for (const place of PLACES) {
    const clean = redact(place(secret));
    expect(clean).toContain("[redacted]");
    for (const part of secret.match(/\w{12,}/g) ?? []) expect(clean).not.toContain(part);
  }
});

/** What follows a beginning that nobody but an issuer of keys writes, however short it is. */
const SHORT = Array.from({ length: 34 }, (_, index) => word(index + 6));

test.each([
  "sk-ant-",
  "sk-ant-api03-",
  "sk-proj-",
  "sk-or-v1-",
  "sk_live_",
  "rk_test_",
  "pk_live_",
])("a key that begins with %s leaks nowhere, however short it is", (issuer) => {
  for (const end of SHORT)
    for (const place of PLACES) expect(redact(place(issuer + end))).not.toContain(end);
});

test.each(["sk-ant-abcd", "sk-a1b2c3d4", "sk-9f8e7d6c5b4a", "pk_live_QWERTY"])(
  "a key as short as %s is one",
  (secret) => expect(redact(`using ${secret} now`)).toBe("using [redacted] now"),
);

const body = `${word(64)}\n${word(64)}\n${word(20)}==`;
const pem = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0F\n\n${body}\n-----END RSA PRIVATE KEY-----`;

test.each([
  ["whole", pem],
  ["in JSON", JSON.stringify({ key: pem })],
  ["cut off at its end", pem.slice(0, -60)],
  ["cut off at its beginning", pem.slice(100)],
  ["of OpenSSH", pem.replaceAll("RSA", "OPENSSH")],
  ["of PGP", pem.replaceAll("RSA PRIVATE KEY", "PGP PRIVATE KEY BLOCK")],
  [
    "of PuTTY",
    `PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n${body}\nPrivate-MAC: ${hex(64)}`,
  ],
])("a private key %s leaks no line", (_how, text) => {
  const clean = redact(`before\n${text}\n`.slice(text === pem.slice(100) ? 7 : 0));
  expect(clean).toContain("[redacted]");
  for (const line of body.split("\n")) expect(clean).not.toContain(line.slice(0, 16));
});

test.each([
  ["DB_PASSWORD=correcthorse", "DB_PASSWORD=[redacted]"],
  ["aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = [redacted]"],
  [`{"apiKey": "correcthorse"}`, `{"apiKey": "[redacted]"}`],
  [`"{\\"password\\":\\"correcthorse\\"}"`, `"{\\"password\\":\\"[redacted]\\"}"`],
  ["client_secret: correcthorse, x", "client_secret: [redacted], x"],
  ["AccountKey=abcdefgh==;Endpoint=x", "AccountKey=[redacted];Endpoint=x"],
  ["Authorization: Basic bGludXM6aHVudGVyMg==", "Authorization: [redacted]"],
  ["curl -H 'Authorization: token abcdef123456'", "curl -H 'Authorization: [redacted]'"],
  ["Cookie: session=abcdef; theme=dark", "Cookie: [redacted]"],
  ["got Bearer q8Zk3vN1w7Yt5Rb2 there", "got Bearer [redacted] there"],
  ["postgres://linus:hunter2@db/harbor", "postgres://linus:[redacted]@db/harbor"],
])("what is named a secret is taken for one: %s", (text, clean) => {
  expect(redact(text)).toBe(clean);
});

test.each([
  "The token budget is used up: 12,034 tokens in, 802 out.",
  "const token = await getToken(session);",
  "password: process.env(PASSWORD)",
  "fixed in 0f9e8d7c6b5a43210f9e8d7c6b5a43210f9e8d7c, see https://example.test:8080/a@b",
  "ports 127.0.0.1:3210 and 12:30:45, a basic understanding of bearer authentication",
  "export TOKEN=$GITHUB_TOKEN",
  "sk_buff_head sk-learn-1.24 sk-SK pk_customer1 pk_users_id rk_test_helper sk_live_region sk-proj-notes",
  "pk_test_table task-ant-abcdef12 disk-a1b2c3d4 sk-ant- sk-ant-... risk_live_QWERTY sk-ant-*** sk-1234567",
  "npm_config_cache sk_buff pk_name lin_api xapp key-value task-1234567890",
])("what only looks a little like one stays: %s", (text) => {
  expect(redact(text)).toBe(text);
});

const MEGABYTE = 1_000_000;
const BAIT = [
  "secret=secret=",
  "token.token.token(",
  "token=a.a.a.a.a.a.a.a.a.a.a.",
  "eyJ-eyJ-",
  "eyJaaaaaaaa.",
  "-----BEGIN PRIVATE KEY-----",
  "- a",
  "A ",
  "://a:",
  "M-",
  "a",
  "0",
  "1234567:",
  "SG.aaaaaaaaaaaaaaaa",
  "authorization:",
  "PuTTY-User-Key-File-3:",
  "bearer ",
  "a|",
  "sk-",
  "\u001B]",
  "\u001B[",
] as const;

/** Processor time of this thread, the best of three: what is measured is the pattern, not the computer's other work. */
function effortFor(text: string): number {
  const runs = [0, 1, 2].map(() => {
    const begun = process.threadCpuUsage();
    redact(text);
    const { user, system } = process.threadCpuUsage(begun);
    return user + system;
  });
  return Math.min(...runs);
}

test.each(BAIT)("eight times as much of %j takes no sixty-four times the effort", (bait) => {
  const text = bait.repeat(MEGABYTE / 8 / bait.length);
  const eighth = Math.max(2_000, effortFor(text));
  expect(effortFor(text.repeat(8)) / eighth).toBeLessThan(24);
});
