"""The encrypted case file: the only place with SQL, keys and the audit chain. It knows no widgets."""
