import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES } from "../../lib/model/error-codes";
import { markdownTable } from "../support/markdown-table";

const ROOT = join(__dirname, "..", "..");
const FILE = join(ROOT, "docs", "errors.md");
const CODES = Object.entries(ERROR_CODES);

/** docs/errors.md, laid out as prettier wants it. */
function page(): string {
  const rows = CODES.map(([code, { actor, meaning }]) => [`\`${code}\``, `the ${actor}`, meaning]);
  return [
    "# The codes of errors",
    "",
    "Generated from `ERROR_CODES` (`lib/model/error-codes.ts`) by `UPDATE_ERRORS=1 npx jest test/model/error-codes.test.ts`; not to be edited.",
    "",
    "Each error has a `code`, and its message starts with it. The code says who has to act: where it is the program the error is a `BackupsUsageError`, where it is the environment a `BackupsEnvironmentError`.",
    "",
    ...markdownTable(["code", "who has to act", "what it means"], rows),
    "",
  ].join("\n");
}

describe("docs/errors.md", () => {
  test("is the table of all codes; `UPDATE_ERRORS=1 npx jest test/model/error-codes.test.ts` writes it", () => {
    if (process.env["UPDATE_ERRORS"]) writeFileSync(FILE, page());
    const written = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
    if (written === page()) return;
    throw new Error(
      "docs/errors.md is not what the codes say. To write it anew: UPDATE_ERRORS=1 npx jest test/model/error-codes.test.ts",
    );
  });

  test("is what the README's sentence on errors links to, and ships with the package", () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(readFileSync(join(ROOT, "README.md"), "utf8")).toContain("](docs/errors.md)");
    expect(files).toContain("docs");
  });
});

describe("a code", () => {
  const sources = readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith("error-codes.ts"))
    .map((file) =>
      readFileSync(join(ROOT, "lib", file), "utf8").replace(/^ *(\*|\/\*|\/\/).*/gm, ""),
    );

  test("is thrown somewhere", () => {
    const isThrown = (code: string) => sources.some((text) => text.includes(`"${code}"`));
    expect(CODES.map(([code]) => code).filter((code) => !isThrown(code))).toEqual([]);
  });

  test("has a sentence", () => {
    for (const [, { meaning }] of CODES) expect(meaning).toMatch(/^[`A-Z].*\.$/);
  });
});
