"""Printing labels, cards and signs: choose what, see the first sheet, make the PDF; sheets, printers, the log."""
