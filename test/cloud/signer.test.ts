import fc from "fast-check";
import { createHash, createHmac } from "node:crypto";
import { sign } from "../../lib/cloud/signer";

const KEY = {
  accessKey: "QTWAOYTTINDUT2QVKYUC",
  secretKey: "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc",
};
const NOW = new Date("2019-11-11T09:34:43.250Z");

/** The canonical request, written out by hand, to its Authorization. */
function authorization(canonical: string, date: string, signedHeaders: string): string {
  const hash = createHash("sha256").update(canonical).digest("hex");
  const toSign = `SDK-HMAC-SHA256\n${date}\n${hash}`;
  const signature = createHmac("sha256", KEY.secretKey).update(toSign).digest("hex");
  return `SDK-HMAC-SHA256 Access=${KEY.accessKey}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
}

describe("sign", () => {
  test("signs the canonical request that the signing guide describes", () => {
    const url = new URL(
      "https://rds.eu-de.otc.t-systems.com/v3/p/backups?offset=0&limit=100&begin_time=2022-05-09T08%3A01%3A10%2B0000",
    );
    const headers = sign(
      { method: "GET", url, headers: { "x-project-id": "p" }, body: "" },
      KEY,
      NOW,
    );
    const canonical = [
      "GET",
      "/v3/p/backups/",
      "begin_time=2022-05-09T08%3A01%3A10%2B0000&limit=100&offset=0",
      "host:rds.eu-de.otc.t-systems.com",
      "x-project-id:p",
      "x-sdk-date:20191111T093443Z",
      "",
      "host;x-project-id;x-sdk-date",
      // The hash of an empty body.
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ].join("\n");
    expect(headers["x-sdk-date"]).toBe("20191111T093443Z");
    expect(headers["authorization"]).toBe(
      authorization(canonical, "20191111T093443Z", "host;x-project-id;x-sdk-date"),
    );
    expect(headers).not.toHaveProperty("host");
  });

  test("sends and signs the security token of a temporary key", () => {
    const url = new URL("https://h/");
    const headers = sign(
      { method: "GET", url, headers: {}, body: "" },
      { ...KEY, securityToken: "st" },
      NOW,
    );
    expect(headers["x-security-token"]).toBe("st");
    expect(headers["authorization"]).toContain("SignedHeaders=host;x-sdk-date;x-security-token,");
  });

  test("signs a header without the blanks round it", () => {
    const url = new URL("https://h/");
    const of = (x: string) =>
      sign({ method: "GET", url, headers: { "x-a": x }, body: "" }, KEY, NOW)["authorization"];
    expect(of(" a b ")).toBe(of("a b"));
    expect(of("a  b")).not.toBe(of("a b"));
  });

  test("signs the same, however the query is ordered", () => {
    const of = (query: string) =>
      sign({ method: "GET", url: new URL(`https://h/?${query}`), headers: {}, body: "" }, KEY, NOW);
    expect(of("c=1&b=2&a=3&b=1")).toEqual(of("a=3&b=1&b=2&c=1"));
    expect(of("b=1&b=2&c=1&a=3")).toEqual(of("a=3&b=1&b=2&c=1"));
  });

  test("escapes path and query by RFC 3986 and sorts by key, then by value", () => {
    const url = new URL("https://h:8443/a%20b/c'd?b=2&a=%2B&b=1&a=x y");
    const headers = sign({ method: "GET", url, headers: {}, body: "" }, KEY, NOW);
    const canonical = [
      "GET",
      "/a%20b/c%27d/",
      "a=%2B&a=x%20y&b=1&b=2",
      "host:h:8443",
      "x-sdk-date:20191111T093443Z",
      "",
      "host;x-sdk-date",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ].join("\n");
    expect(headers["authorization"]).toBe(
      authorization(canonical, "20191111T093443Z", "host;x-sdk-date"),
    );
  });

  test("never shows the secret key", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), (secretKey) => {
        const url = new URL("https://h/");
        const headers = sign(
          { method: "GET", url, headers: {}, body: "" },
          { ...KEY, secretKey },
          NOW,
        );
        expect(JSON.stringify(headers)).not.toContain(JSON.stringify(secretKey).slice(1, -1));
      }),
    );
  });
});
