import { createHash, createHmac } from "node:crypto";
import { escapeUri } from "../model/text";

/** A request as it is signed; nothing that is signed may change after. */
export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
}

/**
 * The headers of a request signed by an access key: `SDK-HMAC-SHA256` (API Request Signing Guide;
 * docs/apis/shared.md, Signing in).
 */
export function sign(
  request: SignedRequest,
  key: { accessKey: string; secretKey: string; securityToken?: string },
  now: Date,
): { [name: string]: string } {
  const date = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const headers: { [name: string]: string } = { ...request.headers, "x-sdk-date": date };
  if (key.securityToken !== undefined) headers["x-security-token"] = key.securityToken;
  const signed: { [name: string]: string } = { ...headers, host: request.url.host };
  const names = Object.keys(signed).sort();
  const canonical = [
    request.method,
    canonicalUri(request.url),
    canonicalQuery(request.url),
    ...names.map((name) => `${name}:${signed[name]!.trim()}`),
    "",
    names.join(";"),
    sha256(request.body),
  ].join("\n");
  const toSign = ["SDK-HMAC-SHA256", date, sha256(canonical)].join("\n");
  const signature = createHmac("sha256", key.secretKey).update(toSign).digest("hex");
  headers["authorization"] =
    `SDK-HMAC-SHA256 Access=${key.accessKey}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return headers;
}

/** Each segment escaped by RFC 3986, always ending in a slash. */
function canonicalUri(url: URL): string {
  const path = url.pathname
    .split("/")
    .map((segment) => escapeUri(decodeURIComponent(segment)))
    .join("/");
  return path.endsWith("/") ? path : `${path}/`;
}

/** Sorted by key, then by value. */
function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => [escapeUri(name), escapeUri(value)] as const)
    .sort(([a, av], [b, bv]) => compare(a, b) || compare(av, bv))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
