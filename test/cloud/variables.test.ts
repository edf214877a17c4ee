import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Field, namesIn, shownPath, Source } from "../../lib/cloud/variables";
import { markdownTable } from "../support/markdown-table";

const PAGE = join(__dirname, "..", "..", "docs", "connecting.md");
const TABLE = /(?<=<!-- variables -->\n\n)[^]*(?=\n<!-- \/variables -->)/;

const COLUMNS: { readonly [title: string]: readonly Source[] } = {
  "Huawei Cloud's names": ["hw", "sdk"],
  "OpenStack's names": ["os"],
  "in clouds.yaml": ["yaml"],
};
const ROWS: { readonly [what: string]: readonly Field[] } = {
  token: ["token"],
  "access key": ["accessKey", "secretKey", "securityToken"],
  password: ["userName", "password", "domainName"],
  region: ["region"],
  project: ["projectId", "projectName"],
  "address of IAM": ["authUrl"],
  cloud: ["cloud"],
  "CA to trust": ["caFile"],
  "entry of clouds.yaml, and the file": ["entry", "entryFile"],
};

function cell(sources: readonly Source[], fields: readonly Field[]): string {
  const said = (source: Source) =>
    fields.map((field) =>
      namesIn([source], [field])
        .map((name) => `\`${name}\``)
        .join(" or "),
    );
  const bySource = sources.map((source) => said(source).filter(Boolean).join(", "));
  return bySource.filter(Boolean).join("; else ");
}

function table(): string {
  const rows = Object.entries(ROWS).map(([what, fields]) => [
    what,
    ...Object.values(COLUMNS).map((sources) => cell(sources, fields)),
  ]);
  return markdownTable(["", ...Object.keys(COLUMNS)], rows).join("\n") + "\n";
}

describe("the path of a file that can't be read", () => {
  test.each(["a.pem", "A.CRT", "a.cer", "x/clouds.yaml", "x/clouds.yml"])(
    "is shown: %s",
    (path) => {
      expect(shownPath(path)).toBe(path);
    },
  );

  test.each(["secret", "a.pem/secret", "apem", "x.yamlx"])("may be a secret: %s", (path) => {
    expect(shownPath(path)).toBe(`(of ${path.length} characters)`);
  });
});

describe("the table of variables", () => {
  test("is what the library reads; `UPDATE_README=1 npx jest test/cloud/variables.test.ts` writes it", () => {
    const page = readFileSync(PAGE, "utf8");
    if (process.env["UPDATE_README"]) {
      writeFileSync(
        PAGE,
        page.replace(TABLE, () => table()),
      );
    }
    const written = TABLE.exec(readFileSync(PAGE, "utf8"))?.[0];
    if (written === table()) return;
    throw new Error(
      "The table of docs/connecting.md is not what the variables say. To write it anew: UPDATE_README=1 npx jest test/cloud/variables.test.ts",
    );
  });

  test("has every name once", () => {
    const names = namesIn(["hw", "sdk", "os"]);
    expect(names.length).toBeGreaterThan(30);
    for (const name of names) expect(table().split(`\`${name}\``)).toHaveLength(2);
  });
});
