"""The sections of the term summary: facts in, paragraphs out. Nothing here asks the database."""
