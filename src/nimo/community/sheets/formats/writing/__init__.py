"""A sheet written into its form: PowerPoint, Excel, PDF from one model of the page."""
