// What importing the library costs beside cdktf, which it needs anyway.
import { main, medians, run } from "./support/measure";

void main(async ({ rounds }) => {
  const { cdktf, ours } = await medians(rounds * 3, {
    cdktf: () => run("import", {}),
    ours: () => run("import", { library: true }),
  });
  return [
    {
      what: "importing the library, beside cdktf",
      floorMs: cdktf.ms,
      oursMs: ours.ms,
      note: `${ours.modules - cdktf.modules} modules`,
      wanted: { aboveMs: 8 },
    },
  ];
});
