"""Figures of lending: `counts` asks the database, `definitions` names the numbers."""
