"""Django's SQLite backend with a queue for writers: see lock.py for why."""
