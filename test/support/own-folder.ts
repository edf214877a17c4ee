// Each test file runs in a folder of its own: what a synthesis leaves in the current folder, such as its
// lock file, must not reach another test, nor this repository.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

process.chdir(mkdtempSync(join(tmpdir(), "cdktf-backups-cwd-")));
