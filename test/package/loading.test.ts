import { Cell, CELLS, fault, HOMES, LOADERS } from "./cells";
import { unreachable } from "./installed";
import { describeUnless } from "../support/programs";

jest.setTimeout(5 * 60_000);

// The rest of the matrix: `npm run matrix`.
const [cdktf, cdktn] = HOMES;
const OWN = ["CommonJS", "ES module", "Node's own type stripping"];
const isFast = ({ manager, home, way, node }: Cell) =>
  manager === "npm"
    ? home === cdktf && OWN.includes(way)
    : home === cdktn && node === "22" && ["ES module", "jest"].includes(way);

describeUnless(unreachable(), "the packed library", () => {
  test.each(CELLS.filter(isFast).map((cell) => [cell.way, cell.node, cell.manager, cell] as const))(
    "looks up in a program loaded as %s by Node %s, installed by %s",
    async (_way, _node, _manager, cell) => {
      expect(
        await fault(cell, cell.manager === "npm" ? {} : { jest: LOADERS.jest }),
      ).toBeUndefined();
    },
  );
});
