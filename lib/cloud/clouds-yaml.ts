import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { refusal } from "../model/errors";
import { Environment, Said, shownPath } from "./variables";

type Mapping = { readonly [key: string]: unknown };

/**
 * The entry of clouds.yaml that OS_CLOUD names, flat: what stands under `auth` beside the rest, all
 * as text. Empty without OS_CLOUD. A secure.yaml beside the file adds to it, as OpenStack has it.
 */
export function readCloudsYaml({ entry: given, entryFile }: Said): Environment {
  const name = given?.trim();
  if (!name) return {};
  const file = find(entryFile);
  const secure = join(dirname(file), "secure.yaml");
  const entry = cloudOf(file, name);
  if (!entry) {
    throw refusal(
      "CLOUDS_YAML",
      `${file} has no cloud of the name in OS_CLOUD`,
      `Check OS_CLOUD and the file.`,
    );
  }
  const secret = existsSync(secure) ? cloudOf(secure, name) : undefined;
  return { ...flatten(entry), ...(secret && flatten(secret)) };
}

function find(given: string | undefined): string {
  const places = given
    ? [given]
    : [
        "clouds.yaml",
        join(homedir(), ".config", "openstack", "clouds.yaml"),
        "/etc/openstack/clouds.yaml",
      ];
  const file = places.find((place) => existsSync(place));
  if (file !== undefined) return file;
  throw refusal(
    "CLOUDS_YAML",
    `OS_CLOUD is set, but there is no clouds.yaml (looked at ${places.map(shownPath).join(", ")})`,
    "Unset OS_CLOUD, or give the file's path in OS_CLIENT_CONFIG_FILE.",
  );
}

function cloudOf(file: string, name: string): Mapping | undefined {
  // Most programs never need it; it takes 15 ms to load.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const yaml = require("yaml") as typeof import("yaml");
  let content: unknown;
  try {
    // Its warnings would be printed, with the line that they are about.
    content = yaml.parse(readFileSync(file, "utf8"), { logLevel: "error" });
  } catch (error) {
    // Only where: a parser's message quotes the line, and a password may stand in it.
    const { linePos } = error as { linePos?: { line: number }[] };
    const line = linePos?.[0]?.line;
    throw refusal(
      "CLOUDS_YAML",
      `${file} can't be read as YAML${line === undefined ? "" : ` (line ${line})`}`,
      "Mend the file, or unset OS_CLOUD.",
    );
  }
  return mapping(mapping(mapping(content)?.["clouds"])?.[name]);
}

function flatten(entry: Mapping): { [key: string]: string | undefined } {
  const flat: { [key: string]: string | undefined } = {};
  for (const [key, value] of Object.entries({ ...entry, ...mapping(entry["auth"]) })) {
    if (typeof value === "string" && value.trim() !== "") flat[key] = value;
    if (typeof value === "number") flat[key] = String(value);
  }
  return flat;
}

function mapping(value: unknown): Mapping | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Mapping)
    : undefined;
}
