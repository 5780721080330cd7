import type { TLSSocket } from "node:tls";
import type { WebTls } from "./web-config.ts";

/**
 * Whether the certificate of a client is as the configuration asks. Node itself has refused clients
 * without a verified certificate where every client needs one.
 */
export function mayConnect(socket: TLSSocket, { clientAuth, allowedSans }: WebTls): boolean {
  if (clientAuth === "NoClientCert") return true;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined)
    return clientAuth === "RequestClientCert" || clientAuth === "VerifyClientCertIfGiven";
  const isVerified = clientAuth === "VerifyClientCertIfGiven" || clientAuth === "RequireAndVerifyClientCert";
  if (isVerified && !socket.authorized) return false;
  return (
    allowedSans === undefined ||
    namesOf(certificate.subjectAltName).some((name) => allowedSans.includes(name))
  );
}

/**
 * The alternative names of a certificate, from Node's text: `DNS:a.example, IP Address:127.0.0.1`.
 * A name with special characters is a JSON string.
 */
export function namesOf(text: string | undefined): string[] {
  const entries = (text ?? "").matchAll(/(?:DNS|IP Address|URI|email):("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return Array.from(entries, ([, name = ""]) => (name.startsWith('"') ? (JSON.parse(name) as string) : name));
}
