import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BackupKind, BackupStatus } from "../../lib/model/backup";
import { Query, WhichList } from "../../lib/services/query";
import { listOf, SERVICES } from "../../lib/services/registry";
import { decodeOne, queryFor } from "./support";

/** Where a row of a vendor's page lives in the library. */
interface Place {
  /** A property of the query, or of the provider. */
  readonly property?: string;
  /** The name on the wire; a part of the path where it has a brace or a slash. */
  readonly wire?: string;
  /** A property of `Backup`. */
  readonly backup?: string;
  /** The key in the Terraform output. */
  readonly output?: string;
  /** Whether the emulator serves or enforces it. */
  readonly emulator?: boolean;
  /** Why it lives nowhere. */
  readonly reason?: string;
}

interface Row {
  readonly name: string;
  readonly type?: string;
  readonly mandatory?: boolean;
  readonly text: string;
  readonly place: Place;
}

const SECTIONS = {
  parameters: "Parameters",
  headers: "Headers of the request",
  response: "Fields of the answer",
  statuses: "Values",
  errorCodes: "Error codes",
  notes: "Constraints and notes",
} as const;

type Section = keyof typeof SECTIONS;
type VendorPage = { readonly title: string; readonly address: string } & {
  readonly [section in Section]?: readonly Row[];
};

const ROOT = join(__dirname, "..", "..");
const DOCS = join(ROOT, "docs", "apis");
const ROWS = /(?<=<!-- rows -->\n)[^]*(?=<!-- \/rows -->)/;
const HEADINGS = [
  "What is sent",
  "What is read",
  "Paging",
  "Statuses and kinds",
  "What the page leaves open, and how it was decided",
  "Errors",
  "Every row of the page",
];

const textOf = (...path: string[]) => readFileSync(join(ROOT, ...path), "utf8");
const roomOf = (room: string) =>
  readdirSync(join(ROOT, "lib", room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => textOf("lib", room, file))
    .join("\n");
const namesIn = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name]) => name as string);

const wire = roomOf("services") + roomOf("cloud");
const emulator = roomOf("emulator");
const model = textOf("lib", "model", "backup.ts");
const properties = [
  "services/query.ts",
  "constructs/geminidb-backups.ts",
  "constructs/provider.ts",
].flatMap((file) => namesIn(textOf("lib", ...file.split("/")), /^ {2}readonly (\w+)\??:/gm));
const attributes = namesIn(model, /^ {2}public (?:readonly|get) (\w+)/gm);
const outputs = namesIn(model.slice(model.indexOf("writtenAs(Backup")), /^ {2}(\w+):/gm);

/** The name of a list's files: its service's, with the list's where that is not the usual one. */
const fileOf = (service: string, list: string) =>
  list === "backups" ? service : `${service}-${list}`;

const pages = Object.values(SERVICES).flatMap(({ label, lists, service }) =>
  Object.entries(lists).map(([list, api]) => {
    const file = fileOf(service, list);
    const page = JSON.parse(textOf("test", "services", "pages", `${file}.json`)) as VendorPage;
    return [`${label}, ${api.noun}`, { service, list }, file, page] as const;
  }),
);

/** "type = auto" is `auto`, "end_time: later" is `end_time`, "backups[].size" is `size`. */
function wordOf(name: string): string {
  if (name.includes(" = ")) return name.split(" = ").at(-1) as string;
  return name.split(":")[0]?.split("/").at(-1)?.split(".").at(-1) as string;
}

function occursIn(text: string, word: string): boolean {
  const pattern = word.replace(/[^\w]/g, "\\$&");
  return new RegExp(`(?<!\\w)${pattern}(?!\\w)`, "i").test(text);
}

const camelCase = (word: string) => word.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const isInPath = (name: string) => /[{/]/.test(name);

function rowsOf(page: VendorPage): Row[] {
  return Object.keys(SECTIONS).flatMap((section) => page[section as Section] ?? []);
}

/** The names of the rows for which something does not hold. */
function wrong(page: VendorPage, isRight: (place: Place, row: Row) => boolean): string[] {
  return rowsOf(page)
    .filter((row) => !isRight(row.place, row))
    .map(({ name, place }) => `${name} ${JSON.stringify(place)}`);
}

/** What a query of everything sends. */
function request(which: WhichList) {
  const { filters = {}, kinds, paging, requests } = listOf(which);
  const own = Object.entries(filters).map(([name, { allowed }]) => [name, allowed.at(-1)]);
  const sent = requests(
    queryFor(which.service, {
      ...{ instanceId: "i", backupId: "b", backupType: Object.keys(kinds)[0] as BackupKind },
      filters: Object.fromEntries(own) as Query["filters"],
    }),
    { begin: 0, end: 1000 },
  );
  const names = sent.flatMap(({ query }) => Object.keys(query));
  return {
    path: sent[0]?.path ?? "",
    names: [...new Set([...names, paging.parameter, "limit"])].sort(),
  };
}

describe.each(pages)("the vendor's page of %s", (_label, which, file, page) => {
  test("is the one that the library names in its errors", () => {
    expect(`${page.title} (${page.address})`).toBe(listOf(which).page);
  });

  test("has its parameters, fields, values and notes, each once", () => {
    for (const section of ["parameters", "response", "statuses", "notes"] as const) {
      expect(page[section]?.length).toBeGreaterThan(0);
    }
    for (const section of Object.keys(SECTIONS) as Section[]) {
      const names = (page[section] ?? []).map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test("has a place for every row, and a reason only where there is none", () => {
    const known = ["property", "wire", "backup", "output", "emulator", "reason"];
    const hasPlace = (place: Place) => {
      const keys = Object.keys(place);
      if (keys.length === 0 || keys.some((key) => !known.includes(key))) return false;
      return place.reason === undefined || (keys.length === 1 && place.reason.endsWith("."));
    };
    expect(wrong(page, hasPlace)).toEqual([]);
    expect(rowsOf(page).filter(({ text }) => text.trim() === "")).toEqual([]);
  });

  test("says whether an instance must be named, and what its records tell of themselves", () => {
    const { hasFullBackups, hasVersions, isInstanceRequired, kinds } = listOf(which);
    const instance = page.parameters?.find(({ place }) => place.property === "instanceId");
    expect(isInstanceRequired).toBe(instance?.mandatory);
    const fields = (page.response ?? []).map(({ place }) => place.backup);
    expect(hasVersions).toBe(fields.includes("engineVersion"));
    // A list without a field for the kind has one kind alone, and no full backup is of it.
    expect(hasFullBackups).toBe(fields.includes("kind"));
    const words = (page.statuses ?? []).flatMap(({ name, place }) =>
      place.backup === "kind" ? [wordOf(name)] : [],
    );
    const known = hasFullBackups ? words : ["incremental"];
    expect(Object.values(kinds).sort()).toEqual(known.sort());
  });

  test("names properties that a query or a provider has", () => {
    expect(
      wrong(page, ({ property }) => property === undefined || properties.includes(property)),
    ).toEqual([]);
  });

  test("names properties that a backup has", () => {
    expect(
      wrong(page, ({ backup }) => backup === undefined || attributes.includes(backup)),
    ).toEqual([]);
  });

  test("names keys that the Terraform output has, one for each property of a backup", () => {
    expect(wrong(page, ({ output }) => output === undefined || outputs.includes(output))).toEqual(
      [],
    );
    expect(
      wrong(page, ({ backup, output }) => (backup === undefined) === (output === undefined)),
    ).toEqual([]);
  });

  test("names what the library sends or reads", () => {
    expect(
      wrong(page, ({ wire: name = "" }) =>
        name === "" || isInPath(name) ? wire.includes(name) : occursIn(wire, name),
      ),
    ).toEqual([]);
  });

  test("names what the emulator serves or enforces", () => {
    expect(
      wrong(page, (place, { name }) => {
        const word = wordOf(name);
        const spellings = [word, camelCase(word)];
        return !place.emulator || spellings.some((each) => occursIn(emulator, each));
      }),
    ).toEqual([]);
  });

  test("has a row for each parameter that is sent, and none that is never sent", () => {
    const { path, names } = request(which);
    const parameters = (page.parameters ?? []).map(({ place }) => place.wire ?? "");
    expect(parameters.filter((name) => !isInPath(name)).sort()).toEqual(names);
    for (const name of parameters.filter(isInPath)) expect(path).toContain(name);
  });

  test("has a row for each field of its published samples", () => {
    const { records, total } = listOf(which).paging;
    const rows = new Set((page.response ?? []).map(({ name }) => name));
    const folder = join(__dirname, "samples");
    const others = pages.map(([, , name]) => name).filter((name) => name.startsWith(`${file}-`));
    const files = readdirSync(folder).filter(
      (name) => name.startsWith(file) && !others.some((other) => name.startsWith(other)),
    );
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const fields = fieldsOf(JSON.parse(readFileSync(join(folder, name), "utf8")), "");
      expect(fields.filter((field) => !rows.has(field))).toEqual([]);
      expect(fields).toEqual(expect.arrayContaining([records, total]));
    }
  });

  test("has values that the library understands", () => {
    const { kinds, paging } = listOf(which);
    for (const { name, place } of page.statuses ?? []) {
      const [field = "", value] = name.split(" = ");
      if (!field.startsWith(`${paging.records}[].`)) continue;
      const [outer = "", inner] = field.slice(`${paging.records}[].`.length).split(".");
      const sent = inner === undefined ? value : { [inner]: value };
      const { backup, warnings } = decodeOne(
        which.service,
        { [paging.id]: "a", [outer]: sent },
        which.list,
      );
      // Only of what the record lacks.
      expect(warnings.filter((warning) => !warning.endsWith(" is missing"))).toEqual([]);
      if (place.backup === "status") expect(backup.status).not.toBe(BackupStatus.UNKNOWN);
      if (place.backup === "kind") expect(backup.kind).not.toBe(BackupKind.UNKNOWN);
      if (place.backup === "engine") expect(backup.engine).toBe(value);
    }
    const asked = (page.statuses ?? []).flatMap(({ name, place }) =>
      name.startsWith("backup_type = ") ? [place.wire] : [],
    );
    if (asked.length > 0) expect(asked.sort()).toEqual(Object.values(kinds).sort());
  });

  test(`stands in docs/apis/${file}.md; \`UPDATE_PAGES=1 npx jest test/services/pages.test.ts\` writes its rows`, () => {
    const path = join(DOCS, `${file}.md`);
    const before = readFileSync(path, "utf8");
    expect(before).toMatch(ROWS);
    const wanted = before.replace(ROWS, () => tables(page));
    if (process.env["UPDATE_PAGES"]) writeFileSync(path, wanted);
    const written = readFileSync(path, "utf8");
    expect(namesIn(written, /^## (.*)$/gm)).toEqual(HEADINGS);
    expect(written).toContain(page.title);
    expect(written).toContain(page.address);
    if (written === wanted) return;
    throw new Error(
      `The rows in docs/apis/${file}.md are not those of test/services/pages/${file}.json. To write them anew: UPDATE_PAGES=1 npx jest test/services/pages.test.ts`,
    );
  });
});

describe("docs/apis", () => {
  test.each(Object.values(SERVICES).map((api) => [api.label, api] as const))(
    "has the hosts of %s as its description has them",
    (label, { hosts }) => {
      const row = new RegExp(`^\\| ${label} +\\|.*\\|$`, "m").exec(
        textOf("docs", "apis", "shared.md"),
      );
      const [, , huaweicloud = "", otc = ""] = row?.[0].split("|") ?? [];
      const [usual, ...others] = huaweicloud.split(";").map((each) => each.trim());
      expect([usual, otc.trim().split(" ")[0]]).toEqual([hosts.huaweicloud, hosts.otc]);
      // "cn-east-2/4" is both cn-east-2 and cn-east-4.
      const regionsOf = (text: string) =>
        text.split(", ").flatMap((region) => {
          const [, area = "", numbers = ""] = /^(.*-)([\d/]+)$/.exec(region) ?? [];
          return numbers.split("/").map((each) => area + each);
        });
      const elsewhere = others.map((each) => {
        const [, name, regions = ""] = /^`(.*)` in (.*)$/.exec(each) ?? [];
        return [name, regionsOf(regions)];
      });
      expect(Object.fromEntries(elsewhere)).toEqual(hosts.elsewhere ?? {});
    },
  );

  test("links the page of each service", () => {
    const readme = textOf("docs", "apis", "README.md");
    for (const [, , file] of pages) expect(readme).toContain(`(${file}.md)`);
  });
});

/** The dotted names of all fields of an answer; published samples have keys with stray spaces. */
function fieldsOf(value: unknown, name: string): string[] {
  if (Array.isArray(value)) {
    const within = value.flatMap((item) => fieldsOf(item, `${name}[]`));
    return [...new Set(within)].filter((each) => each !== `${name}[]`);
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const path = name === "" ? key.trim() : `${name}.${key.trim()}`;
    return [path, ...fieldsOf(field, path)];
  });
}

/** The generated part of a page, laid out as prettier wants it. */
function tables(page: VendorPage): string {
  const parts = (Object.keys(SECTIONS) as Section[]).flatMap((section) => {
    const rows = page[section] ?? [];
    return rows.length === 0 ? [] : ["", `### ${SECTIONS[section]}`, "", ...table(rows)];
  });
  return [...parts, "", ""].join("\n");
}

function table(rows: readonly Row[]): string[] {
  const head = ["row", "the page says", "where it lives"];
  const cells = [head, ...rows.map(cellsOf)].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|")),
  );
  const widths = head.map((_, i) => Math.max(...cells.map((row) => (row[i] ?? "").length)));
  const line = (row: string[]) => `| ${row.map((c, i) => c.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [first = [], ...body] = cells;
  return [line(first), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
}

function cellsOf({ name, type, mandatory, text, place }: Row): string[] {
  const needed = mandatory === undefined ? [] : [mandatory ? "mandatory" : "optional"];
  const about = [...(type === undefined ? [] : [type]), ...needed].join(", ");
  const inPath = place.wire !== undefined && isInPath(place.wire);
  const where = [
    place.property && `property \`${place.property}\``,
    place.wire && `${inPath ? "in the path" : "on the wire"} \`${place.wire}\``,
    place.backup && `\`Backup.${place.backup}\``,
    place.output && `output \`${place.output}\``,
    place.emulator && "emulator",
    place.reason && `nowhere: ${place.reason}`,
  ].filter(Boolean);
  return [`\`${name}\`${about && ` (${about})`}`, text, where.join("; ")];
}
