import { expect, it } from "vitest";
import { readGatewayFile } from "../../src/config/gateway/read-gateway-file.ts";
import { type WebPathParts, webPaths } from "../../src/gateway/web-paths.ts";

/** Only the paths are read, which nobody asks for anything. */
const nobody = { page: {} } as WebPathParts;

it("remote write can have no path that the web port has", () => {
  const { settings } = readGatewayFile("gateway.yaml", "outputs: { remoteRead: {} }");
  const taken = ["/metrics", "/health", ...webPaths(settings, nobody).keys()];
  expect(taken).toContain("/api/v1/read");
  const accepted = taken.filter((path) => {
    const given = path.endsWith("/") && path !== "/" ? `${path}more` : path;
    try {
      readGatewayFile("gateway.yaml", `receivers: { remoteWrite: { path: "${given}" } }`);
      return true;
    } catch (error) {
      expect(String(error)).toContain("must be a path that the web port does not have");
      return false;
    }
  });
  expect(accepted).toEqual([]);
});
