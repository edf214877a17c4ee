import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, CheckOptions } from "../../lib/cli/commands/check";
import { temporaryFolder } from "../support/programs";

const PLAIN = { columns: Infinity, isColoured: false };

/** A folder with that policy. */
export function folderWith(policy: string): string {
  const folder = temporaryFolder("check");
  writeFileSync(join(folder, "backups.policy.yaml"), `version: 1\n${policy}\n`);
  return folder;
}

/** What check says of it, in this process. */
export async function told(policy: string, options: CheckOptions = {}) {
  const file = join(folderWith(policy), "backups.policy.yaml");
  const result = await check(file, options, PLAIN, "1.2.3");
  const json = JSON.parse(result.as.json!());
  const findings: string[] = json.instances.flatMap((each: any) =>
    each.findings.map(({ rule }: any) => `${each.service}/${each.instance_name}: ${rule}`),
  );
  const notes = result.notes!.map((each) => each.replace(file, "policy"));
  return { ...result, json, findings, notes };
}
