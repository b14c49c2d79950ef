"""Statistics on tables, without Django: README.md."""
