import { ownVersion } from "../thread/own-file";
import { main } from "./main";

void main(process.argv.slice(2), ownVersion()).then((exit) => {
  process.exitCode = exit;
});
