"""What a row or a MARC record says about a book, the same for every source. Pure: no database, no Django."""
