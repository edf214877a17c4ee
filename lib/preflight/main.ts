import { main } from "./preflight";

void main();
