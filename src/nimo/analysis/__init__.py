"""Statistics on tables, without Django. The engine (Ibis) comes with its own issue; the floor stands from day one."""
