import { Lazy } from "cdktf";
import { inspect } from "node:util";
import { Credentials } from "../../lib/cloud/credentials";

const SECRET = "s3cr3t-that-nobody-may-see";
const all = [
  Credentials.accessKey({ accessKey: SECRET, secretKey: SECRET, securityToken: SECRET }),
  Credentials.password({ userName: "u", password: SECRET, domainName: "d" }),
  Credentials.token(SECRET),
];

describe("Credentials", () => {
  test("show their secrets neither printed nor serialised", () => {
    for (const credentials of all) {
      const shown = [
        String(credentials),
        JSON.stringify(credentials),
        inspect(credentials, { depth: 9, showHidden: true }),
        JSON.stringify(Object.getOwnPropertyDescriptors(credentials)),
      ].join();
      expect(shown).not.toContain(SECRET);
    }
  });

  test.each([
    [
      "an empty secret",
      () => Credentials.accessKey({ accessKey: "AK", secretKey: "" }),
      /secretKey is empty\. Pass it as a text that is not blank\./,
    ],
    ["a blank token", () => Credentials.token("  "), /token is empty/],
    [
      "a missing password",
      () => Credentials.password({ userName: "u", domainName: "d" } as never),
      /password is missing/,
    ],
    [
      "a token with a line break",
      () => Credentials.token(`${SECRET}\n`),
      /no header can carry.*line break/,
    ],
    [
      "a passcode without its user's id",
      () =>
        Credentials.password({
          userName: "u",
          password: SECRET,
          domainName: "d",
          passcode: "123456",
        }),
      /passcode but no userId\. IAM wants the user's id beside a one-time code: the console shows it under My Credentials\./,
    ],
    [
      "a value known only at deploy",
      () => Credentials.token(Lazy.stringValue({ produce: () => SECRET })),
      /knows only at deploy\. The lookup happens at synthesis: read it from the environment instead\./,
    ],
  ])("refuse %s without showing it", (_what, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(/^INVALID_CREDENTIALS: /);
    expect(make).not.toThrow(SECRET);
  });

  test("say which way of signing in they are", () => {
    const more = [Credentials.fromEnvironment(), Credentials.metadataService()];
    expect([...all, ...more].map(String)).toEqual(
      ["accessKey", "password", "token", "environment", "metadata"].map(
        (kind) => `Credentials(${kind})`,
      ),
    );
  });

  test("take a passcode with its user's id", () => {
    const user = { userName: "u", password: SECRET, domainName: "d", passcode: "1", userId: "i" };
    expect(Credentials.password(user)._reveal()).toEqual({ kind: "password", ...user });
  });

  test("take a password with any character in it", () => {
    expect(() =>
      Credentials.password({ userName: "ü", password: "pä$$\tw€rd", domainName: "dömäin" }),
    ).not.toThrow();
  });
});
