"""The questionnaire as a form for a vendor, and what comes back: workbook, CSV, or a page that saves JSON."""
