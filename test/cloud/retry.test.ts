import fc from "fast-check";
import { isPassing, MAX_TRIES, parseRetryAfter, retryDelay } from "../../lib/cloud/retry";

const NOW = Date.parse("2026-01-31T00:00:00Z");
const LONG = 600_000;
const half = () => 0.5;

describe("retryDelay", () => {
  test("honours Retry-After in seconds and as an HTTP date", () => {
    const delay = (retryAfter: string) =>
      retryDelay({ status: 503, retryAfter }, 1, LONG, NOW, half);
    expect(delay("7")).toBe(7_000);
    expect(delay("0")).toBe(0);
    expect(delay("Sat, 31 Jan 2026 00:00:12 GMT")).toBe(12_000);
    expect(delay("Fri, 30 Jan 2026 00:00:00 GMT")).toBe(0);
  });

  test("doubles from half a second on anything else that passes", () => {
    const delays = [1, 2, 3, 4].map((tries) => retryDelay({ status: 503 }, tries, LONG, NOW, half));
    expect(delays).toEqual([500, 1_000, 2_000, 4_000]);
  });

  test("scatters them by a quarter to both sides", () => {
    const delay = (random: number) => retryDelay({ status: 503 }, 2, LONG, NOW, () => random);
    expect([0, 1].map(delay)).toEqual([750, 1_250]);
  });

  test("ends after the last try, and with what is worth none", () => {
    expect(retryDelay({ status: 400 }, 1, LONG, NOW)).toBeUndefined();
    expect(retryDelay({ status: 503 }, MAX_TRIES, LONG, NOW)).toBeUndefined();
  });

  test("doesn't wait for a try that the deadline forbids", () => {
    expect(retryDelay({ status: 503, retryAfter: "30" }, 1, 29_000, NOW)).toBeUndefined();
    expect(retryDelay({ status: 503 }, 1, 500, NOW, half)).toBeUndefined();
    expect(retryDelay({ status: 503 }, 1, 501, NOW, half)).toBe(500);
  });

  test("never gives a delay that is negative, not a number, or past the deadline", () => {
    fc.assert(
      fc.property(
        fc.record({
          status: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
          retryAfter: fc.option(fc.string(), { nil: undefined }),
          networkCode: fc.option(fc.constantFrom("ECONNRESET", "ENOTFOUND"), { nil: undefined }),
        }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 0, max: LONG }),
        (outcome, tries, remaining) => {
          const delay = retryDelay(outcome, tries, remaining, NOW);
          if (delay !== undefined) {
            expect(delay).toBeGreaterThanOrEqual(0);
            expect(delay).toBeLessThan(remaining);
          }
        },
      ),
    );
  });
});

describe("isPassing", () => {
  test.each([408, 500, 502, 503, 504])("HTTP %d is worth another try", (status) => {
    expect(isPassing({ status })).toBe(true);
  });
  // A 429 is no failure: it waits for its quota, see queue.ts.
  test.each([200, 301, 400, 401, 403, 404, 413, 429, 501])("HTTP %d is not", (status) => {
    expect(isPassing({ status })).toBe(false);
  });
  test.each([
    "EAI_AGAIN",
    "ECONNREFUSED",
    "ECONNRESET",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EPIPE",
    "ETIMEDOUT",
    "UND_ERR_BODY_TIMEOUT",
    "UND_ERR_CONNECT_TIMEOUT",
    "UND_ERR_HEADERS_TIMEOUT",
    "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
    "UND_ERR_SOCKET",
  ])("%s is worth another try", (networkCode) => {
    expect(isPassing({ networkCode })).toBe(true);
  });
  test.each(["ENOTFOUND", "CERT_HAS_EXPIRED", "UNKNOWN", "", undefined])(
    "%s is not",
    (networkCode) => {
      expect(isPassing({ networkCode })).toBe(false);
    },
  );
});

describe("parseRetryAfter", () => {
  test.each([
    [" 7 ", 7_000],
    ["12.345", 12_345],
    ["0.5", 500],
    ["Sat, 31 Jan 2026 00:00:12 GMT", 12_000],
    ["2026-01-31T00:01:00Z", 60_000],
  ])("understands %j", (header, milliseconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(milliseconds);
  });

  test.each([undefined, "", " ", "soon", "-5", "1e9x", "2026-02-01", "2026-02-01 00:00:00"])(
    "doesn't understand %p",
    (header) => {
      expect(parseRetryAfter(header, NOW)).toBeUndefined();
    },
  );
});
