"""How Excel shows a stored value: number formats, dates and eras."""
