// The neutral client, for all that it is used for.
import { bystanderAnswers } from "./callers/bystander.mjs";
import { drainingAnswers } from "./callers/draining.mjs";
import { neighbourAnswers } from "./callers/neighbours.mjs";
import { openLoopAnswers } from "./callers/open-loop.mjs";
import { control } from "./control.mjs";

control(null, {
  ...bystanderAnswers,
  ...drainingAnswers,
  ...neighbourAnswers,
  ...openLoopAnswers,
});
