// @libpdf/core, told through its input what to sign (see the package).
import { readFile, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { P12Signer, PDF } from "@libpdf/core";

const signer = await P12Signer.create(await readFile(process.argv[2]), process.argv[3]);
console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [source, target] = line.split("\t");
  const began = performance.now();
  const pdf = await PDF.load(await readFile(source));
  const { bytes } = await pdf.sign({ signer, reason: "Signature", fieldName: "Peer" });
  await writeFile(target, bytes);
  console.log(performance.now() - began);
}
