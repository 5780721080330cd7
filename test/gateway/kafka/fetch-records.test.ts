import { expect, it } from "vitest";
import { outOfRange } from "../../../src/gateway/kafka/fetch-records.ts";

const partition = (partitionIndex: number, errorCode: number): object => ({ partitionIndex, errorCode });

it("the partitions are found whose offset is not kept any more, of all errors of a fetch", () => {
  const error = Object.assign(new Error("a response with errors"), {
    response: {
      responses: [
        { partitions: [partition(0, 0), partition(4, 1)] },
        { partitions: [partition(7, 1), partition(9, 6)] },
      ],
    },
  });
  expect(outOfRange(error)).toEqual([4, 7]);
});

it.each([new Error("no broker"), { response: {} }, { response: { responses: [] } }])(
  "other errors name none",
  (error) => {
    expect(outOfRange(error)).toEqual([]);
  },
);
