/**
 * The shapes of secrets that programs print by accident, by who issues them. Each is linear in the text: a fixed
 * beginning, then classes that are bounded or that nothing has to follow, so no bait makes it look twice.
 */
export const SECRETS: Readonly<Record<string, RegExp>> = {
  "Muster's own": /\bmuster_[0-9a-f]{16,}/g,
  "a sign-in code": /\b[0-9a-f]{12}-[0-9a-f]{32}\b/g,
  "a deployment's admin key": /[a-z0-9]\|[0-9a-f]{40,}/g,
  "a token of any issuer (JWT)": /\beyJ[\w-]{8,}(?:\.[\w-]+){0,4}/g,
  "a private JWK": /"d"\s{0,4}:\s{0,4}"[\w-]{20,}"/g,
  age: /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/g,

  AWS: /\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  "an AWS Bedrock key": /\bABSK[A-Za-z0-9+/]{40,}={0,2}/g,
  "Azure Active Directory": /[\w~.-]{3}\dQ~[\w~.-]{31,34}/g,
  "a signed Azure address": /\bsig=[A-Za-z0-9%+/]{40,}={0,2}/g,
  Google: /\bAIza[\w-]{30,}/g,
  "Google OAuth": /\bya29\.[\w.-]{16,}/g,
  "a Google refresh token": /\b1\/\/0[\w-]{20,}/g,
  "a Google client": /\bGOCSPX-[\w-]{20,}/g,
  DigitalOcean: /\bdo[opr]_v1_[0-9a-f]{32,}/g,
  Heroku: /\bHRKU-[\w-]{30,}/g,
  Fly: /\bfm[12][a-z]?_[A-Za-z0-9+/=_-]{20,}/g,
  Netlify: /\bnfp_[A-Za-z0-9]{20,}/g,
  Vercel: /\bvercel_blob_rw_\w{20,}/g,
  Supabase: /\bsb(?:p|_secret)_[\w-]{20,}/g,
  PlanetScale: /\bpscale_(?:tkn|pw|oauth)_[\w.-]{20,}/g,
  Neon: /\bnapi_[a-z0-9]{30,}/g,
  Databricks: /\bdapi[0-9a-f]{32}(?:-\d)?/g,
  Tailscale: /\btskey-[a-z]{2,12}-[\w-]{16,}/g,
  Vault: /\bhv[sbr]\.[\w-]{20,}/g,
  Terraform: /\b[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,}/g,
  Pulumi: /\bpul-[0-9a-f]{40}\b/g,
  Doppler: /\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}/g,
  "1Password": /\bA3-[A-Z0-9]{6}(?:-[A-Z0-9]{5,11}){4,6}/g,

  GitHub: /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  "GitHub, fine-grained": /\bgithub_pat_\w{20,}/g,
  GitLab: /\bgl(?:pat|dt|rt|cbt|ptt|ft|soat|imt|agent|oas|ffct)-[\w-]{16,}/g,
  Bitbucket: /\bATBB[A-Za-z0-9]{24,}/g,
  Atlassian: /\bATATT3[\w=-]{20,}/g,
  CircleCI: /\bCCI(?:PAT|PRJ)_[\w-]{20,}/g,
  Buildkite: /\bbkua_[0-9a-f]{32,}/g,

  npm: /\bnpm_[A-Za-z0-9]{30,}/g,
  PyPI: /\bpypi-[\w-]{16,}/g,
  RubyGems: /\brubygems_[0-9a-f]{32,}/g,
  "crates.io": /\bcio[A-Za-z0-9]{32}\b/g,
  NuGet: /\boy2[a-z0-9]{43}\b/g,
  Docker: /\bdckr_[po]at_[\w-]{20,}/g,

  // Long ones whatever they are; short ones if only a key begins like that, or if a digit stands before a letter.
  "OpenAI, Anthropic, Stripe and all who say sk":
    /\b(?:sk|pk|rk)[-_](?:[\w-]{16,}|ant-[\w-]{4,}|(?:proj|svcacct|admin|or|live|test)[-_](?=[\w-]{0,15}[\dA-Z])[\w-]{6,}|(?=[A-Za-z]{0,15}\d{1,15}[A-Za-z])[A-Za-z0-9]{8,})/g,
  "a Stripe webhook": /\bwhsec_[A-Za-z0-9+/=]{16,}/g,
  "Hugging Face": /\bhf_[A-Za-z0-9]{20,}/g,
  Groq: /\bgsk_[A-Za-z0-9]{20,}/g,
  xAI: /\bxai-[A-Za-z0-9]{20,}/g,
  Perplexity: /\bpplx-[A-Za-z0-9]{20,}/g,
  Replicate: /\br8_[A-Za-z0-9]{20,}/g,
  Square: /\bsq0[a-z]{3}-[\w-]{20,}/g,
  Shopify: /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,}/g,
  PayPal: /\baccess_token\$(?:production|sandbox)\$[\w$]{20,}/g,

  Slack: /\bxox[abceoprs](?:\.[a-z]+)?-[\w-]{10,}/g,
  "a Slack app": /\bxapp-[\w-]{16,}/g,
  "a Slack webhook": /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]{16,}/g,
  Discord: /\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}/g,
  "a Discord webhook": /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{5,25}\/[\w-]{20,}/g,
  Telegram: /\b\d{6,12}:[\w-]{30,}/g,
  Twilio: /\bSK[0-9a-f]{32}\b/g,
  SendGrid: /\bSG\.[\w-]{16,}(?:\.[\w-]+)?/g,
  Mailgun: /\bkey-[0-9a-f]{32}\b/g,
  Mailchimp: /\b[0-9a-f]{32}-us\d{1,2}\b/g,

  Linear: /\blin_(?:api|oauth)_[A-Za-z0-9]{20,}/g,
  Notion: /\b(?:ntn|secret)_[A-Za-z0-9]{30,}/g,
  Figma: /\bfig[dopr]+_[\w-]{20,}/g,
  Airtable: /\bpat[A-Za-z0-9]{14}\.[0-9a-f]{40,}/g,
  Postman: /\bPMAK-[0-9a-f]{20,}(?:-[0-9a-f]+)?/g,
  Grafana: /\bgl(?:sa|c)_[A-Za-z0-9+/=_]{20,}/g,
  "New Relic": /\bNRAK-[A-Z0-9]{20,}/g,
  Sentry: /\bsntry[su]_[A-Za-z0-9+/=_-]{20,}/g,
  Dynatrace: /\bdt0c01\.[A-Z0-9]{20,}(?:\.[A-Z0-9]+)?/g,
};

/** PEM and PGP, whole or cut off at either end; the lines may be written as \n in JSON. */
export const PRIVATE_KEYS: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s,:.()\\]*(?:-(?!-)[A-Za-z0-9+/=\s,:.()\\]*){0,32}(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
  /^[A-Za-z0-9+/=\s\\]*-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g,
  /\bPuTTY-User-Key-File-\d:[A-Za-z0-9+/=\s,:.()\\@_-]{0,8000}/g,
];
