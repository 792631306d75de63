// What the benchmark may ask every server.
import { loopAnswers } from "./event-loop.mjs";
import { logAnswers } from "./handler-log.mjs";

export const answers = { ...logAnswers, ...loopAnswers };
