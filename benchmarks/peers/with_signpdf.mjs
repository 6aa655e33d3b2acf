// @signpdf, told through its input what to sign (see the package).
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { plainAddPlaceholder } from "@signpdf/placeholder-plain";
import { P12Signer } from "@signpdf/signer-p12";
import signing from "@signpdf/signpdf";

const signpdf = signing.default ?? signing;
const holder = await readFile(process.argv[2]);
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [source, target] = line.split("\t");
  const began = performance.now();
  const placed = plainAddPlaceholder({
    pdfBuffer: await readFile(source),
    reason: "Signature",
    contactInfo: "",
    name: "Peer",
    location: "",
    subFilter: "ETSI.CAdES.detached",
  });
  // A signer reads its holder to the end and signs but once.
  const signer = new P12Signer(holder, { passphrase: process.argv[3] });
  await writeFile(target, await signpdf.sign(placed, signer));
  console.log(performance.now() - began);
}
