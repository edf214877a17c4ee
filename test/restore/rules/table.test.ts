import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RULES } from "../../../lib/restore/rules";
import { rulesTable } from "./table";

const ROOT = join(__dirname, "..", "..", "..");
const FILE = join(ROOT, "RULES.md");

describe("RULES.md", () => {
  test("is the table of all rules; `UPDATE_RULES=1 npx jest test/restore/rules/table.test.ts` writes it", () => {
    const table = rulesTable(RULES);
    if (process.env["UPDATE_RULES"]) writeFileSync(FILE, table);
    const written = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
    if (written === table) return;
    throw new Error(
      "RULES.md is not what the rules say. To write it anew: UPDATE_RULES=1 npx jest test/restore/rules/table.test.ts",
    );
  });

  test("is part of the package", () => {
    expect(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).files).toContain(
      "RULES.md",
    );
  });

  test("names each rule, its level, and each parameter with its default", () => {
    const table = rulesTable(RULES);
    for (const { id, level, isOptIn, parameters } of RULES) {
      const line = table.split("\n").find((each) => each.startsWith(`| \`${id}\` `));
      expect(line).toContain(`| ${level}${isOptIn ? ", where given" : ""} `);
      for (const name of Object.keys(parameters)) expect(line).toContain(`\`${name}\`: `);
    }
    expect(table).toContain("`Rule.rpo(maxAge)`");
    expect(table).toContain("`maxAge`: 26 hours (a Duration, such as Duration.hours(26))");
    expect(table).toContain("`version`: not given");
  });
});
