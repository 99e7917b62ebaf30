"""Migrations that a later version might bring, for test_upgrade.py; each package stands in for those of one room."""
