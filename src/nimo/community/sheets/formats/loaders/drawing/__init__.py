"""DrawingML: the text, charts and diagrams that slides and worksheets have in common."""
