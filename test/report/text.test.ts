import { textReport } from "../../lib/report/text";
import { ago, backup, decision, failed, finding, lane, model, teamModel } from "./models";

describe("the report as text", () => {
  test("reads as a person wants it in a terminal", () => {
    const orders = lane("orders", [backup("b2", 29), backup("b3", 4, failed), backup("b1", 40)]);
    const text = textReport(
      model([orders, lane("audit", [], { problem: "HTTP 504", rpo: undefined })], {
        findings: [finding()],
        decisions: [decision(orders)],
        provenance: [{ name: "version", value: "0.1.0" }],
      }),
    );
    expect(text).toMatchInlineSnapshot(`
     "Backups of stack, as of 2026-01-31T12:00:00Z

     The RPO is missed: orders is 3 h over; nothing is known of 1: audit.
     Findings: 1 error.
     The one restore does not have what it wants.

     Instances, the worst first; from 2026-01-29T12:00:00Z to 2026-01-31T12:00:00Z, right of which is now:
     | usable  x failed  + being made  ' not usable otherwise  - incremental  = any moment
     ! gap (more than 1 h between or after restore windows; without windows,
       longer than the RPO without the begin of a usable backup)  ? not asked for, or not known

     orders: 3 h over
       [            |               |!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!x!!!!!]
       3 backups: 2 usable, 1 failed
       Age of the newest usable backup: 1 day 5 h as of 2026-01-31T12:00:00Z; at most 1 day 5 h, at 2026-01-31T12:00:00Z; the RPO is 26 h.
       Size of the usable backups: The newest automatic one has 10 GiB; there are too few to tell what is usual.
       Gaps, newest first: 2026-01-30T07:00:00Z to 2026-01-31T12:00:00Z (1 day 5 h)

     audit: nothing is known
       [????????????????????????????????????????????????????????????????????????]
       HTTP 504

     Restore stack/orders-restored: NOT GOOD ENOUGH
       as of    2026-01-31T12:00:00Z
       wanted   the newest backup
       chosen   b2, automatic, begun 2026-01-30T07:00:00Z (1 day 5 h before), 10737418240 bytes
       because  it is the newest backup; of 3 that were seen, a restore could start from 2
       but      it is 1 day 5 h old, more than the 1 day 2 h that are allowed
       not chosen (2):
         2026-01-31T08:00:00Z  b3  has failed
         2026-01-29T20:00:00Z  b1  is older than b2

     error rpo: orders: too old
       Make a backup now.

     Where this is from:
       version: 0.1.0
     "
    `);
  });

  test("draws what was not asked for, what can be restored to, and gaps", () => {
    const windows = [{ start: ago(40), end: ago(20) }];
    const of = lane("a", [backup("b", 46)], { windows, since: ago(47) });
    expect(textReport(model([of]))).toMatch(/\n {2}\[\?+ \| *=+!+\]\n/);
  });

  test("is bounded, and says what it leaves out", () => {
    const lanes = Array.from({ length: 300 }, (_, i) => lane(`i${i}`, [backup("b", 4)]));
    const many = [...Array(60)].map((_, i) => backup(`b${i}`, 4 + i));
    const decided = decision(lane("orders", many));
    const text = textReport(
      model(lanes, { findings: Array(120).fill(finding()), decisions: Array(51).fill(decided) }),
    );
    expect(text).toContain("\n… and 100 more instances\n");
    expect(text).toContain("\n… and 20 more findings\n");
    expect(text).toContain("\n… and 1 more restores\n");
    expect(text).toContain("\n    … and 49 more\n");
    expect(text.length).toBeLessThan(200_000);
  });

  test("holds nothing that a terminal acts upon", () => {
    const of = lane("\u001b[31mred\u202e\nforged: all is well", [], { problem: "\r\u0007" });
    const text = textReport(model([of], { title: "\u001b]0;title\u0007" }));
    expect(text.replace(/\n/g, "")).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);
    expect(text).not.toMatch(/^forged/m);
  });

  test("is the same for the same model", () => {
    expect(textReport(teamModel())).toBe(textReport(teamModel()));
  });
});
