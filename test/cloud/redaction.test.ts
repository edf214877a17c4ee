import fc from "fast-check";
import { Secrets } from "../../lib/cloud/redaction";
import { BackupsError, refusal } from "../../lib/model/errors";
import { ENCODINGS, json } from "../support/encodings";

function knowing(...known: string[]): Secrets {
  const secrets = new Secrets();
  for (const each of known) secrets.add(each);
  return secrets;
}

describe("a text", () => {
  test.each([
    ["without a secret", "nothing of it", "nothing of it"],
    ["with one as it is", "you sent tops3cret!", "you sent ***!"],
    ["with one within another", "tops3cret-and-more", "***"],
    ["with a signature", "Access=AK1, Signature=abc", "Access=***, Signature=***"],
    ["with one in other words", "you sent top%73%33cret", "*** (withheld: it repeats a secret)"],
    ["of some length", "x".repeat(2_001), "*** (withheld: 2001 characters)"],
    ["with half of one", "tops3", "tops3"],
    ["with escapes of its own", "100 % of \\u00fc &amp; %zz", "100 % of \\u00fc &amp; %zz"],
    ["with a number of no character", "&#9999999; \\u{110000}", "&#9999999; \\u{110000}"],
  ])("%s is %j: %j", (_what, text, expected) => {
    expect(knowing("tops3cret", "tops3cret-and-more").redact(text)).toBe(expected);
  });

  test("shows what is too short to be a secret", () => {
    expect(knowing("abc", "").redact("abc")).toBe("abc");
    expect(knowing("abcd").redact("abcd")).toBe("***");
  });

  test("shows what lacks but a blank to be one", () => {
    expect(knowing("top s3cret").redact("tops3cret")).toBe("tops3cret");
  });

  test("is shown up to some length, and is no trouble where no secret is known", () => {
    const secrets = new Secrets();
    secrets.add(undefined);
    expect(secrets.redact("x".repeat(2_000))).toBe("x".repeat(2_000));
  });

  const WITHHELD = "*** (withheld: it repeats a secret)";
  test.each([
    ["top s3cret", "top+s3cret"],
    ["top+s3cret", "top s3cret"],
    ["top\ts3cret", '{"password":"top\\ts3cret"}'],
    ["top\ns3cret", "top\\\\ns3cret"],
    ["top\bs3cret", "top\\bs3cret"],
    ["top\r\ns3cret", "top\\r\\ns3cret"],
    ["café-s3cret", "caf%E9-s3cret"],
    ["tops3cret\u{10ffff}", "tops3cret&#x10ffff;"],
    ["tops3cret&<", "tops3cret&#38;&#60"],
    ["tops3cret&<", "tops3cret&#x26;&#x3c"],
    // What stands beside it would end an escape that its own end begins, or belong to its own code.
    ["%\\a;=a>%a", "JTI1JTVjJTVjYSUzYiUzZGElM2UlMjVh M-"],
    ["<s3cret\\", Buffer.from('{"s":"%26lt%3bs3cret%5c"}').toString("base64")],
    ['bs3cret"a', `5c ${Buffer.from(json(json(json('bs3cret"a')))).toString("hex")}`],
    ["nothing of it", "Signature%3Dabc"],
    ["nothing of it", "by Access%3Dabc"],
  ])("hides %j in other words: %j", (secret, text) => {
    expect(knowing(secret).redact(text)).toBe(WITHHELD);
  });

  // Rich in what looks like an escape itself.
  const secret = fc.string({
    minLength: 6,
    maxLength: 24,
    unit: fc.constantFrom(...'abcXYZ0189%&;#\\"/+=<> u{}x_-.é'),
  });
  const ways = fc.array(fc.constantFrom(...ENCODINGS), { minLength: 1, maxLength: 3 });

  test("shows nothing of a secret, in whichever words in whichever words", () => {
    fc.assert(
      fc.property(secret, ways, fc.string(), fc.string(), (value, how, before, after) => {
        // Three times base64 or hex, one in another.
        fc.pre(how.flatMap(([name]) => name.match(/64|hex$/g) ?? []).length <= 3);
        const encoded = how.reduce((text, [, encode]) => encode(text), value);
        fc.pre(`${before} ${encoded} ${after}`.length <= 2_000);
        const shown = knowing(value).redact(`${before} ${encoded} ${after}`);
        expect(shown).toMatch(/\*\*\*/);
        if (encoded !== value) expect(shown).not.toContain(encoded);
        else expect(shown).not.toContain(value);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an answer", () => {
  const answer = (text: string, id?: string) => ({
    status: 400,
    headers: { "x-request-id": id },
    text,
  });

  test("stays the JSON that it is, its keys and numbers without a secret as well", () => {
    const body = { a: ["x", 1, null, true, { tops3cret: "tops3cret" }], n: 987654, 987654: 1 };
    const { text } = knowing("tops3cret", "987654").redactAnswer(answer(JSON.stringify(body)));
    expect(JSON.parse(text)).toEqual({
      a: ["x", 1, null, true, { "***": "***" }],
      n: "*** (withheld: it repeats a secret)",
      "***": 1,
    });
  });

  test("that is none, or nested without end, is no trouble", () => {
    const secrets = knowing("tops3cret");
    expect(secrets.redactJson("<html>")).toBe("<html>");
    expect(
      secrets.redactJson(`${"[".repeat(50_000)}"tops3cret"${"]".repeat(50_000)}`),
    ).not.toContain("s3c");
  });

  test("ends at its twentieth level", () => {
    const secrets = knowing("tops3cret");
    const lists = (levels: number, core: string) =>
      `${"[".repeat(levels)}${core}${"]".repeat(levels)}`;
    const objects = (levels: number, core: string) =>
      `${'{"a":'.repeat(levels)}${core}${"}".repeat(levels)}`;
    for (const nested of [lists, objects]) {
      expect(secrets.redactJson(nested(20, '"x"'))).toBe(nested(20, '"x"'));
      expect(secrets.redactJson(nested(20, "[7]"))).toBe(nested(20, '"***"'));
    }
  });

  test("has no id that is a secret", () => {
    const { headers } = knowing("tops3cret").redactAnswer(answer("", "tops3cret"));
    expect(headers["x-request-id"]).toBe("***");
  });
});

describe("an error", () => {
  test("stays what it is, without a secret", () => {
    const error = refusal("BAD_ANSWER", "record 2 was tops3cret", "Look.", { status: 200 });
    const safe = knowing("tops3cret").redactError(error) as BackupsError;
    expect(safe.message).toBe("BAD_ANSWER: record 2 was ***. Look. [HTTP status: 200]");
    const other = new Error("tops3cret");
    expect(knowing("tops3cret").redactError(other)).toBe(other);
  });
});
