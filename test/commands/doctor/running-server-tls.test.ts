import { beforeAll, describe, expect, test } from "vitest";
import { makeCertificates } from "../support/certificates.ts";
import { createProject, environment } from "../support/project.ts";
import { runCommand } from "../support/run-command.ts";
import { startProject } from "./start-project.ts";

type Settings = Readonly<Record<string, string>>;

describe("the running server of the project, with TLS", { tags: "openssl" }, () => {
  let project: string;
  let server: Settings;
  let clientCa: Settings;
  let mutual: Settings;
  let clientCertificate: Settings;
  beforeAll(async () => {
    project = await createProject({ generated: true });
    const files = await makeCertificates();
    server = {
      AUTH: "off",
      TLS_CERT_FILE: files.server.cert,
      TLS_KEY_FILE: files.server.key,
    };
    clientCa = { CLIENT_CA_FILE: files.ca };
    mutual = { TLS_CLIENT_CA_FILE: files.ca };
    clientCertificate = {
      CLIENT_CERT_FILE: files.client.cert,
      CLIENT_KEY_FILE: files.client.key,
    };
  });

  /** Runs the doctor with settings while the server runs with its own. */
  async function diagnose(running: Settings, settings: Settings) {
    const { address, stop } = await startProject(project, running);
    const calls = { ADDRESS: address, SERVER_ADDRESS: address.replace("127.0.0.1", "localhost") };
    const env = { ...environment, ...settings, ...calls };
    const { code, output } = await runCommand(["doctor"], { cwd: project, env });
    await stop();
    const lines = (check: string) =>
      new RegExp(`^\\w+ +${check} .*(?:\\n +->.*)?$`, "m").exec(output)?.[0].replace(/ +/g, " ");
    return { code, port: lines("port") ?? "", server: lines("server") ?? "" };
  }

  test("with every setting: it serves", async () => {
    const settings = { ...server, ...mutual, ...clientCa, ...clientCertificate };
    const found = await diagnose(settings, settings);
    expect(found.port).toMatch(/^ok port \S+ is in use by this server: pid \d+ /);
    expect(found.server).toMatch(/^ok server \S+ is SERVING over TLS/);
    expect(found.code).toBe(0);
  });

  test("without an authority for clients: it is recognized, and the variable is named", async () => {
    const found = await diagnose(server, server);
    expect(found.port).toMatch(/^ok port \S+ is in use by this server: pid \d+ /);
    expect(found.server).toMatch(
      /^failure server \S+ does not answer: .+\n -> the server uses TLS: set CLIENT_CA_FILE$/,
    );
    expect(found.code).toBe(1);
  });

  test("mutual TLS without a client certificate: recognized, and the variables are named", async () => {
    const settings = { ...server, ...mutual, ...clientCa };
    const found = await diagnose(settings, settings);
    expect(found.port).toMatch(/^ok port \S+ is in use by this server: pid \d+ /);
    expect(found.server).toMatch(
      /^failure server \S+ does not answer: .+\n -> the server requires a client certificate: set CLIENT_CERT_FILE and CLIENT_KEY_FILE$/,
    );
  });

  test("mutual TLS without any setting of a client: all variables are named", async () => {
    const settings = { ...server, ...mutual };
    const found = await diagnose(settings, settings);
    expect(found.port).toMatch(/^ok port \S+ is in use by this server: pid \d+ /);
    expect(found.server).toMatch(
      /\n -> the server uses TLS and requires a client certificate: set CLIENT_CA_FILE, CLIENT_CERT_FILE and CLIENT_KEY_FILE$/,
    );
  });

  test("without its TLS settings: it cannot be recognized, and the variable is named", async () => {
    const found = await diagnose(server, { AUTH: "off" });
    expect(found.port).toMatch(
      /^failure port \S+ is in use by pid \d+ .*, which uses TLS: set CLIENT_CA_FILE to find out whether it is this server\n -> stop it, or set ADDRESS/,
    );
  });

  test("with other certificates in the settings: it is not taken for this server", async () => {
    const other = await makeCertificates();
    const settings = {
      AUTH: "off",
      TLS_CERT_FILE: other.server.cert,
      TLS_KEY_FILE: other.server.key,
    };
    const found = await diagnose(server, settings);
    expect(found.port).toMatch(
      /^failure port \S+ is in use by pid \d+ .*, which has another certificate than TLS_CERT_FILE\n/,
    );
  });
});
