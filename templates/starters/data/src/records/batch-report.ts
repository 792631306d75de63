import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type BatchResponseSchema,
  RecordFailure_Code,
  type Record as RecordMessage,
} from "../gen/data_pb.ts";
import { flawOf, flawOfId } from "./record-rules.ts";
import type { InsertResult, NewRecord, Refusal } from "./record-store.ts";

/** Limits the memory that one call can use. */
const maxListed = 100;

/** Counts what becomes of the records of a call, and lists the first ones that cannot be stored. */
export class BatchReport {
  #received = 0;
  #inserted = 0;
  #failed = 0;
  readonly #failures: Refusal[] = [];

  /** Notes the next records of the stream. @returns the valid ones */
  receive(records: readonly RecordMessage[]): NewRecord[] {
    const valid: NewRecord[] = [];
    for (const record of records) {
      const index = this.#received;
      this.#received += 1;
      const { id, time, data } = record;
      const message = flawOf(record);
      if (message === undefined && time !== undefined) valid.push({ index, id, time, data });
      else this.#refuse(invalid(index, id, message ?? ""));
    }
    return valid;
  }

  /** Notes what the store has done with the valid records. */
  add({ inserted, refusals }: InsertResult): void {
    this.#inserted += inserted;
    for (const refusal of refusals) this.#refuse(refusal);
  }

  response(): MessageInitShape<typeof BatchResponseSchema> {
    return {
      received: BigInt(this.#received),
      inserted: BigInt(this.#inserted),
      duplicates: BigInt(this.#received - this.#inserted - this.#failed),
      failed: BigInt(this.#failed),
      failures: this.#failures
        .toSorted((a, b) => a.index - b.index)
        .map((failure) => ({ ...failure, index: BigInt(failure.index) })),
    };
  }

  #refuse(refusal: Refusal): void {
    this.#failed += 1;
    if (this.#failures.length < maxListed) this.#failures.push(refusal);
  }
}

function invalid(index: number, id: string, message: string): Refusal {
  const shown = flawOfId(id) === undefined ? id : "";
  return { index, id: shown, code: RecordFailure_Code.INVALID_ARGUMENT, message };
}
