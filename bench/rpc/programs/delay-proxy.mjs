// Passes TCP on, each chunk later: what a distance does to those who wait for answers.
import { connect, createServer } from "node:net";
import { control } from "./control.mjs";

const [port, delayMs] = process.argv.slice(2).map(Number);

const server = createServer((near) => {
  const far = connect(port, "127.0.0.1");
  relay(near, far);
  relay(far, near);
});
server.listen(0, "127.0.0.1", () => control({ port: server.address().port }));

function relay(from, to) {
  from.setNoDelay(true);
  const due = [];
  const deliver = () => {
    while (due.length > 0 && due[0].at <= performance.now()) due.shift().send();
    if (due.length > 0) setTimeout(deliver, due[0].at - performance.now());
  };
  const later = (send) => {
    if (due.push({ at: performance.now() + delayMs, send }) === 1) setTimeout(deliver, delayMs);
  };
  from.on("data", (chunk) => later(() => to.write(chunk)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => {});
  from.on("close", () => later(() => to.destroy()));
}
