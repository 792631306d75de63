import type { ServiceModel } from "../../plugin/model.ts";
import type { Requests } from "../emit/request.ts";

/** The services of a project, with what is printed for their requests. */
export interface Printed {
  readonly services: readonly ServiceModel[];
  readonly requests: Requests;
}
