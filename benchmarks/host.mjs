// Serves a built site over HTTP/2, as hosts do that read `_headers`. Takes JSON on standard input: the site's folder, its
// root ("/review/"), patterns of addresses with their headers, and the paths of a key and a certificate. Prints its port.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createSecureServer } from "node:http2";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const { site, root, blocks, key, certificate } = JSON.parse(readFileSync(0, "utf8"));
const TYPES = {
  ".css": "text/css", ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".json": "application/json",
  ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8", ".xml": "application/xml",
};
const matches = (pattern, address) => pattern.endsWith("*") ? address.startsWith(pattern.slice(0, -1)) : address === pattern;
const compressed = new Map();

const find = (address) => {
  const path = join(site, address.slice(root.length));
  if (!address.startsWith(root) || !existsSync(path)) return [404, join(site, "404.html")];
  return [200, statSync(path).isDirectory() ? join(path, "index.html") : path];
};

const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(certificate) });
server.on("stream", (stream, request) => {
  const address = decodeURIComponent(request[":path"].split("?")[0]);
  const [status, path] = find(address);
  if (!compressed.has(path)) compressed.set(path, extname(path) in TYPES ? gzipSync(readFileSync(path), { level: 9 }) : readFileSync(path));
  const headers = { ":status": status, "content-type": TYPES[extname(path)] ?? "application/octet-stream" };
  if (extname(path) in TYPES) headers["content-encoding"] = "gzip";
  for (const [pattern, asked] of blocks) if (matches(pattern, address)) for (const [name, value] of asked) headers[name.toLowerCase()] = value;
  stream.respond(headers);
  stream.end(compressed.get(path));
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
