/** The globals of a realm. It is bundled before the functions, so that they find them while they are being imported. */
import "./convex.ts";
import "./console.ts";
import "./time.ts";
import "./refused.ts";
import "./encoding.ts";
import "./blob.ts";
import "./clone.ts";
import "./url.ts";
import "./crypto.ts";
import "./run.ts";
