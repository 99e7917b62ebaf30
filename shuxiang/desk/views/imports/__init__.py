"""The import wizard: bring a file, say what its columns mean, see every row's verdict, enter it, take it back."""
