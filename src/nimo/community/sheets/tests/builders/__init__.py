"""Builders of test sheets: one description, written as PPTX, XLSX, PDF and text, in the layouts the form has had."""
