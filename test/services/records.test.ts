import fc from "fast-check";
import { BackupLevel } from "../../lib/model/backup";
import { canonical } from "../../lib/model/canonical";
import { withLevel } from "../../lib/services/level";
import { Records } from "../../lib/services/records";

const records = fc.array(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()));

describe("records", () => {
  test("are read as they were given, with their keys in order, whatever they hold", () => {
    fc.assert(
      fc.property(records, (given) => {
        const kept = Records.of(given);
        const read = kept.all();
        expect(kept.length).toBe(given.length);
        expect(read.map((each) => JSON.stringify(each))).toEqual(
          given.map((each) => JSON.stringify(canonical(each))),
        );
        expect(given.map((_, i) => kept.rawAt(i))).toEqual(read);
      }),
    );
  });

  test("are joined by whatever is asked for, and count their own bytes alone", () => {
    const kept = Records.of([{ id: "ä" }, { id: "b" }]);
    expect(kept.joined().toString()).toBe('{"id":"ä"}\n{"id":"b"}');
    expect(kept.joined(Buffer.from(",\n  ")).toString()).toBe('{"id":"ä"},\n  {"id":"b"}');
    expect(kept.byteLength).toBe(21);
    const none = Records.of([]);
    expect([none.length, none.byteLength, none.joined().length, none.all()]).toEqual([0, 0, 0, []]);
  });

  test("are picked out of several lists in any order, without what was made of them unless all was", () => {
    const [one, two] = [Records.of([{ id: 1 }, { id: 2 }]), Records.of([{ id: 3 }])];
    const picks = [
      { records: two, index: 0 },
      { records: one, index: 1 },
      { records: two, index: 0 },
    ];
    one.items = ["first", "second"];
    expect(Records.picked(picks).items).toBeUndefined();
    two.items = ["third"];
    const picked = Records.picked(picks);
    expect(picked.all()).toEqual([{ id: 3 }, { id: 2 }, { id: 3 }]);
    expect(picked.items).toEqual(["third", "second", "third"]);
    expect(Records.picked([{ records: picked, index: 1 }]).all()).toEqual([{ id: 2 }]);
  });

  test("give a record as it was sent without the mark of its list", () => {
    const marked = withLevel({ id: "a" }, BackupLevel.DATABASE_TABLE);
    expect(Object.keys(marked)).toHaveLength(2);
    expect(Records.of([marked]).rawAt(0)).toEqual({ id: "a" });
  });
});
