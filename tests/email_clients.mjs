// Reads an email's HTML from standard input and prints, as JSON, which of its features which mail programs lack.
import { caniemail } from "caniemail";
import { readFileSync } from "node:fs";

const { issues } = caniemail({ clients: ["*"], html: readFileSync(0, "utf8") });
const lacking = {};
for (const [client, list] of issues.errors) {
  for (const { title } of list) (lacking[title] ??= new Set()).add(client);
}
const sorted = Object.entries(lacking).map(([title, clients]) => [title, [...clients].sort()]);
console.log(JSON.stringify(Object.fromEntries(sorted)));
