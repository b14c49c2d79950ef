"""The form of each year as data: chapters, headings, tables, which field stands where."""
