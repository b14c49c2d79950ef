"""How a sheet's lines and tables become fields. `formats.reader` is the door; nothing else imports from here."""
