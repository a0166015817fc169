// Reads tickets as JSON from stdin, writes for each the bytes that this encoder makes of it, in hexadecimal.
import { readFileSync } from "node:fs";
import ReceiptPrinterEncoder from "@point-of-sale/receipt-printer-encoder";

function encode(ticket) {
  const printer = new ReceiptPrinterEncoder({ language: "esc-pos", columns: ticket.columns, feedBeforeCut: 6 });
  printer.initialize().codepage("cp858").align("center");
  for (const line of ticket.lines) {
    if (line.code) {
      printer.qrcode(line.code, { model: 2, size: line.module, errorlevel: "l" });
    } else {
      printer.width(line.scale).height(line.scale).bold(line.bold).line(line.text);
    }
  }
  return Buffer.from(printer.width(1).height(1).cut("partial").encode()).toString("hex");
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(encode)));
