import { App, TerraformOutput, TerraformStack } from "cdktf";
import fc from "fast-check";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { literal, toPlain, writtenAs } from "../../lib/model/literal";
import { describeWith, TERRAFORM, terraform } from "../support/terraform";

describe("literal", () => {
  test("writes times in RFC 3339, what is undefined as null, and texts defanged", () => {
    expect(
      literal({
        time: new Date("2026-01-31T00:00:00Z"),
        none: undefined,
        list: ["${x}", 1, true, null],
      }),
    ).toEqual({ time: "2026-01-31T00:00:00Z", none: null, list: ["$_{x}", 1, true, null] });
  });
});

describe("an object that is written as something else", () => {
  const given = { secret: "s" };
  const time = new Date("2026-01-31T00:00:00Z");
  const whole = writtenAs(given, () => ({
    at: time,
    none: undefined,
    list: [{ none: null }, "${x}"],
  }));
  const written = { at: "2026-01-31T00:00:00Z", none: null, list: [{ none: null }, "$_{x}"] };
  const { resolve } = whole as unknown as { resolve(context?: object): unknown };

  test("is that literal, on its own and inside of another", () => {
    expect(literal({ inner: [whole] })).toEqual({ inner: [written] });
    expect(resolve.call(whole)).toEqual(written);
    expect(resolve.call(whole, { suppressBraces: false })).toEqual(written);
  });

  test("is a text that Terraform decodes inside of an expression", () => {
    expect(resolve.call(whole, { suppressBraces: true })).toBe(
      `jsondecode(${JSON.stringify(JSON.stringify(written))})`,
    );
  });

  test("is the same in JSON, without its nulls", () => {
    expect(JSON.parse(JSON.stringify({ whole }))).toEqual({
      whole: { at: "2026-01-31T00:00:00Z", list: [{}, "$_{x}"] },
    });
    expect(toPlain(null)).toBeNull();
  });

  test("keeps its own properties, and gives a spread none of its methods", () => {
    expect(Reflect.ownKeys({ ...whole })).toEqual(["secret"]);
  });

  test("is known to another copy of the library, of whichever version", () => {
    expect(Symbol.for("cdktf-backups.literal") in whole).toBe(true);
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const copy = require("../../lib/model/literal") as typeof import("../../lib/model/literal");
      expect(copy.literal(whole)).toEqual(written);
    });
  });
});

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("${", "%{", "$${", "%%{", "}", "$", "%", "{", "~}", "\\", '"', "\n", "\r\n"),
      fc.constantFrom(
        "${TfToken[TOKEN.1]}",
        "#{TfToken[TOKEN.1]}",
        'file("/etc/passwd")',
        "e\u0301",
      ),
      fc.constantFrom(
        "-8.10956221259138e+298",
        "String Map Token Value",
        "if true",
        "\u2028",
        "\u0000",
      ),
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.string({ unit: "grapheme", maxLength: 6 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(""));

/** What Terraform does to every text: NFC, and half characters become U+FFFD. */
function normalised(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd").normalize("NFC");
}

describeWith([TERRAFORM], "through the real terraform", () => {
  test("thousands of hostile texts come back as they were written", async () => {
    const texts = fc.sample(hostile, { numRuns: 3_000, seed: 20260131 });
    const outdir = mkdtempSync(join(tmpdir(), "literal-"));
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "stack");
    const written = texts.map((text) => literal(text) as string);
    new TerraformOutput(stack, "texts", { value: written });
    stack.addOverride("terraform.backend", { local: { path: join(outdir, "state") } });
    app.synth();
    const cwd = join(outdir, "stacks", "stack");
    for (const args of [["init"], ["apply", "-auto-approve"]]) {
      const { code, stderr } = await terraform(cwd, args);
      expect(stderr).toBe("");
      expect(code).toBe(0);
    }
    const { stdout } = await terraform(cwd, ["output", "-json", "texts"]);
    expect(JSON.parse(stdout)).toEqual(written.map(normalised));
    // Nothing but `_` was added to what the cloud sent, and put in the place of a NUL.
    const bare = (text: string) => text.replace(/[_\0]/g, "");
    expect(written.map(bare)).toEqual(texts.map(bare));
  });
});
