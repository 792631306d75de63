import type { Weights } from "./bag-of-words.ts";

/** A model that can be asked. */
export interface LoadedModel {
  /** The beginning of its SHA-256, or `built-in`. */
  readonly version: string;
  readonly weights: Weights;
}

const builtIn: LoadedModel = {
  version: "built-in",
  weights: {
    labels: ["positive", "negative"],
    words: new Map([
      ["good", [1, -1]],
      ["great", [2, -2]],
      ["love", [2, -2]],
      ["좋아요", [2, -2]],
      ["bad", [-1, 1]],
      ["slow", [-1, 1]],
      ["hate", [-2, 2]],
      ["싫어요", [-2, 2]],
    ]),
  },
};

/**
 * The model that answers. A new one takes the place of the old one in one step; who has the old one keeps it. In
 * memory: after a restart it is the built-in one again. To keep models, store them where all servers find them.
 */
export class ModelSlot {
  #model = builtIn;

  get model(): LoadedModel {
    return this.#model;
  }

  replace(model: LoadedModel): void {
    this.#model = model;
  }
}
