"""Reading municipal sheets: files in, dataclasses out. No database, no Django (house.md §2)."""
