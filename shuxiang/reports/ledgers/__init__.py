"""The account books (帐册): views of the one store of movements, as pages, Excel files and PDF (decision 0034)."""
