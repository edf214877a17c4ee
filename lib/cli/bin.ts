import { ownVersion } from "../thread/own-file";
import { ExitCode } from "./exit";
import { main } from "./main";

main(process.argv.slice(2), ownVersion()).then(
  (exit) => {
    process.exitCode = exit;
  },
  (error: unknown) => {
    const trace = error instanceof Error ? error.stack : String(error);
    process.stderr.write(`${trace}\nThis is a defect of cdktf-backups: please report it.\n`);
    process.exitCode = ExitCode.DEFECT;
  },
);
