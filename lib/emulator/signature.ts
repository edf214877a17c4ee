import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { decodeSegment, escapeRfc3986, readQuery, splitUrl } from "./query";

/** A request as it arrived: what a signature covers. */
export interface SignedRequest {
  method: string;
  /** Raw, as received. */
  url: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The secret of an access key; a temporary one also has a security token. */
export interface Credential {
  secretKey: string;
  securityToken?: string;
}

const ALGORITHM = "SDK-HMAC-SHA256";
// Access=…, SignedHeaders=…, Signature=… (docs/apis/shared.md, Signing in).
const AUTHORIZATION =
  /^SDK-HMAC-SHA256\s+Access=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([^,\s]+)$/;
/** docs/apis/shared.md, Errors: "the clock may differ by 15 minutes at most". */
const CLOCK_TOLERANCE_MS = 15 * 60_000;

/** Says whether a request carries a signature, right or wrong. */
export function isSigned(headers: IncomingHttpHeaders): boolean {
  return (headers.authorization ?? "").startsWith(ALGORITHM);
}

/**
 * Verifies a signature from scratch (docs/apis/shared.md, Signing in); gives what is wrong, or undefined.
 *
 * The three texts that callers tell apart are: unknown access key, "signature expired", and a
 * signature that does not match, which echoes the canonical request with `|` for newlines.
 */
export function refuseSignature(
  request: SignedRequest,
  credentialOf: (accessKey: string) => Credential | undefined,
  now: number,
): string | undefined {
  const match = AUTHORIZATION.exec(request.headers.authorization ?? "");
  const [, accessKey, names, signature] = match ?? [];
  if (accessKey === undefined || names === undefined || signature === undefined) {
    return "authorization header is malformed";
  }
  const unknownKey = `Get secretKey failed,ak:${accessKey},err:ak not exist`;
  const credential = credentialOf(accessKey);
  if (credential === undefined) return unknownKey;
  const signed = names.split(";").map((name) => name.toLowerCase());
  const canonical = canonicalRequest(request, signed);
  const mismatch =
    `verify aksk signature fail, ak:${accessKey}, ` +
    `canonicalRequest:${canonical.replaceAll("\n", "|")}`;
  if (!["host", "x-sdk-date"].every((name) => signed.includes(name))) return mismatch;
  const date = String(request.headers["x-sdk-date"]).trim();
  const signedAt = readSdkDate(date);
  if (signedAt === undefined || Math.abs(now - signedAt) > CLOCK_TOLERANCE_MS) {
    return (
      `verify aksk signature fail, signature expired, signature time:${date}, ` +
      `server time:${new Date(now).toISOString()}`
    );
  }
  const toSign = [ALGORITHM, date, sha256(canonical)].join("\n");
  const expected = createHmac("sha256", credential.secretKey).update(toSign).digest("hex");
  if (!equal(expected, signature)) return mismatch;
  if (credential.securityToken === undefined) return undefined;
  // docs/apis/shared.md, Signing in: "temporary keys add X-Security-Token". No source says how a missing
  // one is refused; a temporary key is unknown without its token.
  const token = String(request.headers["x-security-token"] ?? "");
  const carried = signed.includes("x-security-token") && equal(credential.securityToken, token);
  return carried ? undefined : unknownKey;
}

/** Method, URI, query, headers, signed names and body hash, joined by newlines. */
function canonicalRequest(request: SignedRequest, signed: readonly string[]): string {
  const { path, rawQuery } = splitUrl(request.url);
  const uri = path
    .split("/")
    .map((segment) => escapeRfc3986(decodeSegment(segment) ?? segment))
    .join("/");
  const query = readQuery(rawQuery)
    .map(({ name, value }) => [escapeRfc3986(name), escapeRfc3986(value)] as const)
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
  const names = [...signed].sort(compare);
  const headers = names.map((name) => `${name}:${headerOf(request.headers, name)}\n`).join("");
  return [
    request.method,
    uri.endsWith("/") ? uri : `${uri}/`,
    query,
    headers,
    names.join(";"),
    sha256(request.body),
  ].join("\n");
}

function headerOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name] ?? "";
  return (Array.isArray(value) ? value.join(",") : value).trim();
}

/** YYYYMMDDTHHMMSSZ. */
function readSdkDate(date: string): number | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(date);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** By code unit: a locale's order would depend on the machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function equal(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
